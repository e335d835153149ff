"""Promises about data on people: how long it is kept, that a person gets all of it, and that it goes."""

from regiohub.testing.contract.promise import Promise

from .declared import retention_faults
from .erasure import erasure_faults
from .export import export_faults
from .kept import kept_faults
from .log import log_faults
from .purge import purge_faults

PROMISES: tuple[Promise, ...] = (
    Promise(
        "retention-declared",
        "every kind of data on people says how long it is kept and whose it is",
        "In the manifest give the DataCategory retention= (with counted_from= at its tables) or, in words, kept=; name"
        " each table that holds people in people=(PersonalTable(…),) or find them in the hook register_subject_data. A"
        " column that only looks personal is better called something else.",
        retention_faults,
        engines=False,
    ),
    Promise(
        "retention-kept",
        "what has passed its time goes with the daily deletion, and nothing else does",
        "Give each table of a category with retention= a column to count from: counted_from= of its PersonalTable, or"
        " an Expiry. A row that may be deleted must not be held by a foreign key of a table that is not declared, and a"
        " column in clear= must be allowed to be empty in every state that an old row can have.",
        kept_faults,
    ),
    Promise(
        "subject-export",
        "a person gets all that is held on him in the town, and nothing of anybody else",
        "Declare the table in people= of a DataCategory, with the column that holds the identifier or address; let the"
        " export of register_subject_data look for exactly the subject it is given, within ctx.session.",
        export_faults,
    ),
    Promise(
        "subject-erasure",
        "after erasing a person nothing in the town names him, and others' data is untouched",
        "Name every column that says who the person is in clear= of its PersonalTable (or leave clear= out: the row is"
        " deleted); erase in register_subject_data what is in JSON values and files. In events and tasks name people in"
        " fields called subject or email, or better not at all. What the law demands to keep is"
        " declared with keep= and its reason.",
        erasure_faults,
    ),
    Promise(
        "log-names-nobody",
        "no mutation writes a person into the audit log: its entries are never changed, so nothing could be erased",
        "Hand ctx.audit ids and values that say nothing of a person; of a field about people say that it changed, not"
        " what stands in it. The log makes pseudonyms of addresses and of the caller, of nobody else.",
        log_faults,
        engines=False,
    ),
    Promise(
        "purge-own-rows",
        "purging the plugin in one town empties its tables there and changes nothing else",
        "List every table in models= of the plugin; let no foreign key refuse the deletion of a town's rows; keep files"
        " below ctx.data_dir in a folder called like the plugin.",
        purge_faults,
    ),
)

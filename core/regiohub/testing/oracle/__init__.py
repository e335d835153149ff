"""The oracle: the same document by its plan and by the ordinary executor, compared as a client reads it.

`Oracle(world).assert_same("potsdam", "{ … }", roles=("editor",))` is what a plugin's tests need. `DocumentMaker` makes
random documents over a whole schema, `harvest` looks up values that their arguments can meet, `fill` makes awkward
rows.
"""

from .documents.known import Known
from .documents.maker import DocumentMaker, Made
from .harvest import harvest
from .rows import fill
from .run import Compared, Oracle

__all__ = ["Compared", "DocumentMaker", "Known", "Made", "Oracle", "fill", "harvest"]

"""`make reference`: write the generated pages."""

import logging
import sys

import structlog

from regiohub_docs.reference.registry import write

# Only the names of what has changed.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
for name in write():
    sys.stdout.write(f"docs/reference/{name}\n")

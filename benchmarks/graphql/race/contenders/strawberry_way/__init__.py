"""The same part of the schema by plain Strawberry, twice: as its documentation teaches it, and as lean as it gets."""

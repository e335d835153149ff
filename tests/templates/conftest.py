"""One environment for all generated plugins of a run."""

import pytest

from .project import Environment, make_environment


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The core and its libraries, with no plugin and nothing of this repository."""
    return make_environment(tmp_path_factory.mktemp("author"))

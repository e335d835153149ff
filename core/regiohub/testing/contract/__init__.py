"""The contract that every plugin keeps, as a test suite: one line in a plugin's tests.

Example::

    # tests/test_contract.py
    from regiohub.testing.contract import contract

    TestContract = contract("booking")
"""

from .case import Arguments, Case, Fill, Given
from .promise import Breach, Promise
from .suite import contract

__all__ = ["Arguments", "Breach", "Case", "Fill", "Given", "Promise", "contract"]

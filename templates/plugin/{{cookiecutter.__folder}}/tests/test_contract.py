"""What every plugin of the platform promises."""

from regiohub.testing.contract import contract

TestContract = contract("{{ cookiecutter.id }}")

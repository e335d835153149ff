"""The command line: ``regiohub --help``. Nothing heavy is imported before a command runs."""

from .main import app

__all__ = ["app"]

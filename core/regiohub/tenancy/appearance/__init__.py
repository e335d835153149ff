"""How a town's pages look, and what the law wants on its start page: colours, logo, plain language, sign language."""

from .model import KEY, Appearance
from .service import change_appearance, logo_path, remove_logo, reset_appearance, set_logo

__all__ = [
    "KEY", "Appearance", "change_appearance", "logo_path", "remove_logo", "reset_appearance", "set_logo",
]  # fmt: skip

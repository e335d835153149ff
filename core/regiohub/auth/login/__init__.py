"""Signing in to the console: sessions on the server, tokens that never reach the browser."""

from .content import Tokens
from .csrf import CsrfRefused, check_csrf
from .login import Login
from .session import ConsoleSession, OpenedSession

__all__ = ["ConsoleSession", "CsrfRefused", "Login", "OpenedSession", "Tokens", "check_csrf"]

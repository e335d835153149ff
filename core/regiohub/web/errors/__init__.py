"""Errors as answers: problem+json (RFC 9457) for programs, a page for browsers, never a stack trace."""

from .handlers import install_handlers
from .problem import Problem, problem_of, respond

__all__ = ["Problem", "install_handlers", "problem_of", "respond"]

"""Asking providers by mail whether their entries are still right, and taking their answer without an account."""

from .answers import EntryAnswer, HealthEntryVerdict, answer_letter, open_letter
from .letters import ask_many, ask_provider, remind_provider, send_chunk, withdraw_letter
from .upkeep import keep_up

__all__ = [
    "EntryAnswer",
    "HealthEntryVerdict",
    "answer_letter",
    "ask_many",
    "ask_provider",
    "keep_up",
    "open_letter",
    "remind_provider",
    "send_chunk",
    "withdraw_letter",
]

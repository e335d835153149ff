"""What a good plugin keeps to, as far as its files and its declarations show it: named rules with remedies."""

from .rule import Project, Rule

__all__ = ["Project", "Rule"]

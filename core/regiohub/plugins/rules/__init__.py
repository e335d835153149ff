"""What a good plugin keeps to, as far as its files and its declarations show it: named rules with remedies."""

from .catalogue import RULES, judge, static_rules
from .reading import Unreadable, installed_project, open_project, project_of
from .rule import Project, Rule
from .verdict import State, Verdict

__all__ = [
    "RULES",
    "Project",
    "Rule",
    "State",
    "Unreadable",
    "Verdict",
    "installed_project",
    "judge",
    "open_project",
    "project_of",
    "static_rules",
]

"""What is wrong with a tenant file, said so that its author can mend it."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file.

    ``path`` is the key path in TOML terms (``bundles[0].measures[2].title``), empty for the file as a whole;
    ``line`` and ``column`` count from 1 and are ``None`` where the file has no place to point at.
    ``de`` and ``en`` say what is wrong, ``hint_de`` and ``hint_en`` what to do about it.
    """

    code: str
    de: str
    en: str
    hint_de: str
    hint_en: str
    path: str = ""
    line: int | None = None
    column: int | None = None

    def text(self, language: str = "en") -> str:
        """The fault and the advice in German (``de``) or English."""
        reason, hint = (self.de, self.hint_de) if language == "de" else (self.en, self.hint_en)
        where = f"{self.path}: " if self.path else ""
        return f"{where}{reason} {hint}"


@dataclass(eq=False)
class TenantConfigError(Exception):
    """A tenant or programme file that cannot be used, with every fault found in it.

    The file is refused as a whole; other towns are not affected. ``slug`` is the town (or programme) it stands for.
    """

    file: Path
    problems: tuple[Problem, ...]
    slug: str = ""
    code: str = field(default="tenant_config_invalid", init=False)

    def __post_init__(self) -> None:
        super().__init__(str(self))

    @property
    def line(self) -> int | None:
        """Line of the first fault, if it has one."""
        return self.problems[0].line if self.problems else None

    @property
    def column(self) -> int | None:
        """Column of the first fault, if it has one."""
        return self.problems[0].column if self.problems else None

    @property
    def reason(self) -> str:
        """The first fault in English, without place or advice."""
        return self.problems[0].en if self.problems else ""

    def lines(self, language: str = "en") -> list[str]:
        """One line per fault, ``file:line:column: path: reason advice``, as compilers and editors write it."""
        result: list[str] = []
        for problem in self.problems:
            place = ":".join(str(part) for part in (self.file, problem.line, problem.column) if part is not None)
            result.append(f"{place}: {problem.text(language)}")
        return result

    def __str__(self) -> str:
        return "\n".join(self.lines())

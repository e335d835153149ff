"""A new plugin from the template: cookiecutter underneath, its complaints in one sentence."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import regiohub

_PACKAGE = Path(regiohub.__file__).parent
_PLACES = (_PACKAGE / "_templates" / "plugin", _PACKAGE.parents[1] / "templates" / "plugin")
"""In an installed core, and in a checkout."""


class ScaffoldError(Exception):
    """The template cannot be filled in; the message says why in one sentence."""


class AuthorToolsMissing(ScaffoldError):
    """What authors need is not installed."""


def template_folder() -> Path:
    """The folder with the template's `cookiecutter.json`.

    :raises ScaffoldError: this installation came without it.
    """
    found = next((place for place in _PLACES if (place / "cookiecutter.json").is_file()), None)
    if found is None:
        raise ScaffoldError("The template for plugins is missing from this installation of regiohub.")
    return found


def generate(template: Path, output: Path, given: Mapping[str, str], *, ask: bool) -> Path:
    """Make a project below `output`.

    :param given: answers by question; yes and no as those words. Unknown questions are a fault.
    :param ask: whether to ask for the other answers on the terminal; otherwise the template's own are taken.
    :return: the folder of the project.
    :raises ScaffoldError: an answer is refused, or the folder is there already; nothing is left behind.
    """
    try:
        from cookiecutter.generate import generate_context
        from cookiecutter.main import cookiecutter
        from cookiecutter.prompt import prompt_for_config
    except ImportError:
        raise AuthorToolsMissing("New plugins are made with cookiecutter, which is not installed here.") from None
    context = generate_context(str(template / "cookiecutter.json"))
    _check(context["cookiecutter"], given)
    context = generate_context(str(template / "cookiecutter.json"), extra_context=_literal(given))
    with _importable(template), _refusals():
        answers = dict(prompt_for_config(context, no_input=not ask))
    own = {name: value for name, value in answers.items() if not name.startswith("_")}
    said: list[str] = []
    with tempfile.TemporaryDirectory() as scratch, _folder(output):
        # A person's own configuration of cookiecutter would change what comes out, and answers need not be kept.
        config = Path(scratch, "config.yaml")
        config.write_text(f'replay_dir: "{scratch}/replay"\ncookiecutters_dir: "{scratch}"\n', encoding="utf-8")
        with _refusals(said), _overheard(said):
            made = cookiecutter(
                str(template),
                no_input=True,
                extra_context=_literal(own),
                output_dir=str(output),
                config_file=str(config),
            )
    return Path(made)


@contextlib.contextmanager
def _folder(output: Path) -> Generator[None]:
    """The folder for the time of making something in it: what was made for that goes again if nothing comes of it.

    :raises ScaffoldError: it cannot be a folder.
    """
    wanted = [folder for folder in (output, *output.parents) if not folder.exists()]
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove(wanted)
        raise ScaffoldError(f"{output} cannot be used as a folder: {error.strerror or error}") from None
    try:
        yield
    except BaseException:
        _remove(wanted)
        raise


def _remove(folders: Sequence[Path]) -> None:
    """Take away those that are empty, inner ones first."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _literal(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers so that they come out as they are: cookiecutter takes each of them for a template."""
    return {
        name: value.replace("{", "{{ '{' }}") if isinstance(value, str) else value for name, value in answers.items()
    }


def _check(questions: Mapping[str, Any], given: Mapping[str, str]) -> None:
    for name, value in given.items():
        if name not in questions:
            raise ScaffoldError(f"The template does not ask for {name}.")
        choices = questions[name]
        if isinstance(choices, list) and value not in choices:
            raise ScaffoldError(f"{name} cannot be {value!r}; possible: {', '.join(map(str, choices))}.")


@contextlib.contextmanager
def _importable(template: Path) -> Generator[None]:
    """The template may bring filters of its own, in a module beside its questions."""
    sys.path.append(str(template))
    try:
        yield
    finally:
        sys.path.remove(str(template))


@contextlib.contextmanager
def _refusals(said: Sequence[str] = ()) -> Generator[None]:
    """Cookiecutter's complaints in our words; what a hook said counts more than that it failed."""
    from cookiecutter.exceptions import CookiecutterException, FailedHookException, OutputDirExistsException

    try:
        yield
    except OutputDirExistsException as error:
        raise ScaffoldError(f"There is a folder already: {str(error).split(chr(34))[1]}") from None
    except FailedHookException as error:
        raise ScaffoldError(_faults(said) or str(error)) from None
    except (CookiecutterException, ValueError) as error:
        raise ScaffoldError(str(error)) from None


@contextlib.contextmanager
def _overheard(said: list[str]) -> Generator[None]:
    """Catch what hooks, which are processes of their own, write to the terminal."""
    logger = logging.getLogger("cookiecutter")
    before = logger.disabled, logger.propagate
    logger.propagate = False
    quiet = logging.NullHandler()
    logger.addHandler(quiet)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as caught:
        try:
            os.dup2(caught.fileno(), 1)
            os.dup2(caught.fileno(), 2)
            yield
        finally:
            for number, original in enumerate(kept, start=1):
                os.dup2(original, number)
                os.close(original)
            caught.seek(0)
            said += caught.read().splitlines()
            logger.removeHandler(quiet)
            logger.disabled, logger.propagate = before


def _faults(lines: Sequence[str]) -> str:
    """What a hook complained about, a line each: without heading and markers, of a traceback the last line only."""
    words = [line.strip() for line in lines if line.strip()]
    if any(line.startswith("Traceback") for line in words):
        words = words[-1:]
    if len(words) > 1 and words[0].endswith(":"):
        del words[0]
    return "\n".join(line.removeprefix("ERROR:").removeprefix("- ").strip() for line in words)

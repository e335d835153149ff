"""docs/how-to/start-a-plugin.md does what it says."""

import json
import shlex
from pathlib import Path

from ..guides.pages import Block, Project, asked, blocks  # noqa: TID252 - the folder beside this one
from .project import Environment, run

PAGE = "how-to/start-a-plugin.md"
STEP = Path(__file__).with_name("guide_step.py")


def commands(found: list[Block]) -> list[list[str]]:
    """The command lines of the page, as words."""
    return [shlex.split(line) for block in found if block.language == "sh" for line in block.content.splitlines()]


def test_its_commands_make_the_plugin_that_it_describes_and_its_change_works(
    environment: Environment, tmp_path: Path
) -> None:
    page = blocks(Path(PAGE))
    lines = commands(page)
    new = next(line for line in lines if line[:3] == ["regiohub", "plugin", "new"] and "--no-input" in line)
    printed = run([environment.folder / "bin" / "regiohub", *new[1:]], cwd=tmp_path, env=environment.variables)
    assert ["cd", "regiohub-places"] in lines
    # What is to be done next is the same on the page as where the command ends.
    following = [line for line in lines if line in (["pip", "install", "-e", "."], ["pytest"])]
    assert all(" ".join(line) in printed for line in following)
    assert len(following) == 2
    project = tmp_path / "regiohub-places"
    tree = next(block.content for block in page if block.language == "text")
    named = {
        word
        for word in tree.split()
        if word.endswith((".py", ".md", ".toml", ".yml", "/")) and word != "regiohub-places/"
    }
    missing = [name for name in named if not any(project.rglob(name.strip("/").rpartition("/")[2]))]
    assert missing == []
    Project(project, "src/regiohub_places").write(page)
    questions = tmp_path / "questions.json"
    questions.write_text(json.dumps(asked(page, "graphql", "json")), encoding="utf-8")
    with environment.installed(project):
        command = [environment.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", project / "pyproject.toml"]
        run([*command, STEP], cwd=project, env=environment.variables | {"GUIDE_QUESTIONS": str(questions)})


def test_it_explains_every_question_and_the_rule_for_exemptions() -> None:
    from regiohub.plugins.scaffold import template_folder

    text = (Path(__file__).resolve().parents[2] / "docs" / PAGE).read_text(encoding="utf-8")
    asked_for = json.loads((template_folder() / "cookiecutter.json").read_text(encoding="utf-8"))
    assert [name for name in asked_for if not name.startswith("_") and f"`{name}`" not in text] == []

"""The image's recipe: what it copies exists, nothing runs as root, everything comes from Docker Hub."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from regiohub.settings import Settings

ROOT = Path(__file__).parents[2]


def steps() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def of(kind: str) -> list[str]:
    return [rest for word, rest in steps() if word == kind]


def last_stage() -> list[tuple[str, str]]:
    starts = [place for place, (word, _) in enumerate(steps()) if word == "FROM"]
    return steps()[starts[-1] :]


def test_it_is_built_in_stages_and_the_last_has_no_build_tools() -> None:
    assert len(of("FROM")) > 1
    assert [rest for _, rest in last_stage() if re.search(r"apt-get|\bmake\b|\bpip\b", rest)] == []


@pytest.mark.parametrize("image", of("FROM"))
def test_bases_have_a_version_and_a_name_of_docker_hub(image: str) -> None:
    name, _, tag = image.split(" ")[0].partition(":")
    assert re.match(r"\d", tag)
    assert "." not in name


@pytest.mark.parametrize("sources", [rest for rest in of("COPY") if not rest.startswith("--from")])
def test_what_is_copied_exists_and_is_sent_to_the_builder(sources: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for source in sources.split()[:-1]:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source


def test_it_runs_as_somebody_without_rights() -> None:
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users
    assert re.fullmatch(r"[1-9]\d{3,}", users[-1])
    after = [word for word, _ in last_stage()[[word for word, _ in last_stage()].index("USER") :]]
    assert "RUN" not in after
    assert "COPY" not in after


def test_it_says_when_it_is_healthy() -> None:
    (check,) = of("HEALTHCHECK")
    assert "/healthz" in check


def test_libraries_are_installed_with_their_hashes() -> None:
    installs = re.findall(r"pip install [^&]*", " ".join(of("RUN")))
    assert [line for line in installs if "--require-hashes" not in line and "--no-deps" not in line] == []


def test_its_settings_are_settings_of_the_platform() -> None:
    (variables,) = of("ENV")
    given = dict(pair.split("=", 1) for pair in variables.split())
    named = {name.removeprefix("REGIOHUB_").lower() for name in given if name.startswith("REGIOHUB_")}
    assert named
    assert named <= Settings.model_fields.keys()
    assert given["REGIOHUB_ENVIRONMENT"] == "production"


def test_no_secret_is_part_of_the_image() -> None:
    words = " ".join(rest for word, rest in steps() if word in {"ENV", "ARG"})
    assert not re.search(r"SECRET|PASSWORD|TOKEN", words)

"""Operators see who is signed in, without names, and sign people out."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from regiohub.auth.claims import Claims
from regiohub.platform import Platform
from regiohub.testing.databases import Address, settings_for
from regiohub.web.app import create_app

from .conftest import Shell


@pytest.fixture
def signed_in(shell: Shell) -> None:
    """Anna on two devices, Bruno on one."""

    async def sign_in() -> None:
        url = f"sqlite+aiosqlite:///{(Path(shell.root) / 'data' / 'regiohub.sqlite3').as_posix()}"
        platform = Platform(settings_for(Address(url, url), shell.root / "data"))
        await platform.start()
        try:
            state = create_app(platform).state.web
            issuer = state.identity.issuers.find(state.identity.dev.issuer)
            until = datetime.now(UTC) + timedelta(hours=1)
            for subject, agent in (("anna", "Firefox/1 Windows"), ("anna", "Firefox/1 Android"), ("bruno", "")):
                claims = Claims(issuer.issuer, subject, until, name="Nicht Genannt")
                await state.login.sessions.open(claims=claims, issuer=issuer, user_agent=agent)
        finally:
            await platform.stop()

    asyncio.run(sign_in())


@pytest.mark.usefixtures("signed_in")
def test_operators_see_sessions_and_end_those_of_a_person_or_all(shell: Shell) -> None:
    listed = shell.run("sessions", "list")
    assert (listed.code, listed.err) == (0, "")
    assert "Firefox · Android" in listed.out
    assert "Nicht Genannt" not in listed.out
    assert {row["subject"] for row in shell.run("sessions", "list", "--json").json} == {"anna", "bruno"}
    assert "2 sign-ins have ended" in shell.run("sessions", "end", "--subject", "anna").out
    assert [row["subject"] for row in shell.run("sessions", "list", "--json").json] == ["bruno"]
    assert "1 sign-ins have ended" in shell.run("sessions", "end", "--all").out
    assert "Nobody is signed in" in shell.run("sessions", "list").out


@pytest.mark.usefixtures("signed_in")
def test_nobody_is_signed_out_by_mistake(shell: Shell) -> None:
    for words in (("end",), ("end", "--all", "--subject", "anna")):
        refused = shell.run("sessions", *words)
        assert refused.code == 1
        assert "--subject" in refused.err
    assert len(shell.run("sessions", "list", "--json").json) == 3

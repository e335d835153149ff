"""Mails: stored with the transaction, sent after it, again if need be, forgotten when sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from regiohub.clock import FrozenClock
from regiohub.errors import InvalidInput
from regiohub.events.dead_letters import dead_letters
from regiohub.events.keeping import LEASE
from regiohub.events.models import EntryState, OutboxEntry
from regiohub.events.worker import Worker
from regiohub.mail import Mail, Unsendable
from regiohub.mail.faults import Refused
from regiohub.platform import Platform
from regiohub.tenancy.context import TenantScope
from regiohub.texts import Language


class SlowPost:
    """A mail server that is slow: something else happens meanwhile."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self.sent: list[str] = []
        self._meanwhile = meanwhile

    async def send(self, message: EmailMessage, *, folder: str, name: str) -> None:
        del message, folder
        self.sent.append(name)
        await self._meanwhile()


class Post:
    """A transport that keeps what it gets and fails when told to."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.faults: list[Exception] = []

    async def send(self, message: EmailMessage, *, folder: str, name: str) -> None:
        del folder, name
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)


async def _ask(scope: TenantScope, *, to: str = "anna@example.org", locale: Language = "de") -> None:
    async with scope.write() as ctx:
        await ctx.mail(Mail(to=to, template="sampler/hello", data={"name": "Anna"}, locale=locale))


async def _entry(scope: TenantScope) -> OutboxEntry:
    async with scope.read() as ctx:
        return (await ctx.session.scalars(sa.select(OutboxEntry))).one()


async def test_a_mail_is_sent_after_the_commit_and_its_content_forgotten(
    platform: Platform, scope: TenantScope
) -> None:
    post = Post()
    await _ask(scope)
    worker = Worker(platform, transport=post)
    await worker.drain()
    await worker.drain()
    (message,) = post.sent
    assert (message["To"], message["Subject"]) == ("anna@example.org", "Hallo Anna")
    entry = await _entry(scope)
    assert (entry.state, entry.payload) == (EntryState.DONE, {})


async def test_a_malformed_address_is_refused_in_the_transaction(scope: TenantScope) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await _ask(scope, to="anna@example.org\nBcc: all@example.org")
    assert refusal.value.field == "to"


async def test_a_mail_that_cannot_be_sent_now_is_sent_later(
    platform: Platform, scope: TenantScope, clock: FrozenClock
) -> None:
    post = Post()
    post.faults = [Unsendable("the mail server answered 452"), OSError("anna@example.org unreachable")]
    await _ask(scope)
    worker = Worker(platform, transport=post)
    await worker.drain()
    assert (await _entry(scope)).error == "Unsendable: the mail server answered 452"
    clock.advance(timedelta(minutes=1))
    await worker.drain()
    assert (await _entry(scope)).error == "Unsendable: OSError", "what libraries say may hold the address"
    clock.advance(timedelta(minutes=1))
    await worker.drain()
    assert len(post.sent) == 1
    assert (await _entry(scope)).error is None


async def test_mails_behind_a_slow_one_are_not_sent_by_another_worker_as_well(
    platform: Platform, scope: TenantScope, clock: FrozenClock
) -> None:
    other = Post()

    async def meanwhile() -> None:
        # Together the mails take longer than one claim holds, each by itself does not.
        clock.advance(LEASE * 0.8)
        await Worker(platform, transport=other).drain()

    post = SlowPost(meanwhile)
    for _ in range(3):
        await _ask(scope)
    await Worker(platform, transport=post).drain()
    assert len(post.sent) + len(other.sent) == 3


async def test_a_mail_that_another_worker_has_taken_over_is_left_to_it(
    platform: Platform, scope: TenantScope, clock: FrozenClock
) -> None:
    other = Post()

    async def meanwhile() -> None:
        clock.advance(LEASE)
        await Worker(platform, transport=other).drain()

    post = SlowPost(meanwhile)
    for _ in range(3):
        await _ask(scope)
    await Worker(platform, transport=post).drain()
    assert (len(post.sent), len(other.sent)) == (1, 3), "only the one that was on its way goes out twice"


async def test_a_mail_refused_for_good_becomes_a_dead_letter_at_once(platform: Platform, scope: TenantScope) -> None:
    post = Post()
    post.faults = [Refused("the mail server answered 550")]
    await _ask(scope)
    await Worker(platform, transport=post).drain()
    (letter,) = await dead_letters(platform)
    assert (letter.attempts, letter.error) == (1, "Refused: the mail server answered 550")


async def test_a_mail_whose_template_is_missing_is_kept_with_the_reason(platform: Platform, scope: TenantScope) -> None:
    await _ask(scope, locale="en")
    await Worker(platform, transport=Post()).drain()
    entry = await _entry(scope)
    assert (entry.state, entry.error) == (
        EntryState.PENDING, "Unsendable: template sampler/hello.en.txt is missing",
    )  # fmt: skip


async def test_without_a_server_mails_become_files(platform: Platform, scope: TenantScope) -> None:
    await _ask(scope)
    await Worker(platform).drain()
    (file,) = (platform.settings.data_dir / "mail" / "potsdam").iterdir()
    assert file.name == f"{(await _entry(scope)).id}.eml"

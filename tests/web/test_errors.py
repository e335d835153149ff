"""Errors are answers with a code, in the caller's language, without anything of the inside."""

import errno
import sqlite3

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from regiohub.web.errors.problem import problem_of_fault

from .conftest import Site


def sqlstate(state: str) -> DBAPIError:
    fault = Exception("the server says no")
    fault.sqlstate = state  # type: ignore[attr-defined]
    return DBAPIError("INSERT", {}, fault)


def sqlite_code(code: int) -> DBAPIError:
    fault = sqlite3.OperationalError("the file says no")
    fault.sqlite_errorcode = code
    return DBAPIError("INSERT", {}, fault)


HTML = {"Accept": "text/html,application/xhtml+xml"}


def check(answer: object, status: int, code: str) -> dict[str, object]:
    body = answer.json()  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)  # type: ignore[attr-defined]
    assert body["detail"]
    assert body["request_id"] == answer.headers["x-request-id"]  # type: ignore[attr-defined]
    return body


async def test_crash_is_500_without_a_word_of_the_inside(site: Site) -> None:
    answer = await site.get("/potsdam/probe/crash")
    check(answer, 500, "INTERNAL")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_overrun_database_is_503_so_that_callers_try_again(site: Site) -> None:
    answer = await site.get("/potsdam/probe/overrun")
    check(answer, 503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "5"
    assert "QueuePool" not in answer.text


def test_characters_that_the_database_cannot_hold_are_the_callers_fault() -> None:
    refusal = Exception("invalid byte sequence")
    refusal.sqlstate = "22021"  # type: ignore[attr-defined]
    assert problem_of_fault(DBAPIError("INSERT", {}, refusal)).status == 422
    assert problem_of_fault(DBAPIError("INSERT", {}, Exception("other"))).status == 500


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (sqlstate("57P03"), 503, "UNAVAILABLE"),
        (sqlstate("08006"), 503, "UNAVAILABLE"),
        (sqlstate("53300"), 503, "UNAVAILABLE"),
        (sqlstate("53100"), 507, "STORAGE_FULL"),
        (FileNotFoundError(errno.ENOENT, "no socket"), 503, "UNAVAILABLE"),
        (FileNotFoundError(errno.ENOENT, "no such file", "template.html"), 500, "INTERNAL"),
        (OSError(errno.ENOSPC, "No space left on device", "upload"), 507, "STORAGE_FULL"),
        (OSError(errno.EFBIG, "File too large"), 507, "STORAGE_FULL"),
        (asyncpg.InterfaceError("connection is closed"), 503, "UNAVAILABLE"),
        (asyncpg.InterfaceError("another operation is in progress"), 500, "INTERNAL"),
        (sqlite_code(sqlite3.SQLITE_FULL), 507, "STORAGE_FULL"),
        (sqlite_code(sqlite3.SQLITE_BUSY_SNAPSHOT), 503, "UNAVAILABLE"),
        (sqlite_code(sqlite3.SQLITE_CONSTRAINT), 500, "INTERNAL"),
    ],
)
def test_what_is_away_or_full_is_told_apart_from_faults(fault: Exception, status: int, code: str) -> None:
    problem = problem_of_fault(fault)
    assert (problem.status, problem.code) == (status, code)
    assert ("Retry-After" in problem.headers) == (status != 500)


async def test_crash_is_a_page_for_browsers(site: Site) -> None:
    answer = await site.get("/potsdam/probe/crash", headers=HTML)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_malformed_json_is_400(site: Site) -> None:
    answer = await site.client.post(
        "/potsdam/probe/items", content=b'{"name": ', headers={"Content-Type": "application/json"}
    )
    check(answer, 400, "INVALID_JSON")


async def test_wrong_fields_are_named_and_their_values_not_repeated(site: Site) -> None:
    answer = await site.client.post(
        "/potsdam/probe/items", json={"amount": "much-private"}, headers={"Accept-Language": "en"}
    )
    body = check(answer, 422, "INVALID_INPUT")
    assert {error["field"] for error in body["errors"]} == {"name", "amount"}  # type: ignore[attr-defined]
    assert "name is missing" in str(body["detail"])
    assert "much-private" not in answer.text


async def test_words_come_in_german_unless_english_is_preferred(site: Site) -> None:
    german = (await site.get("/potsdam/probe/forbidden")).json()["detail"]
    english = (await site.get("/potsdam/probe/forbidden?lang=en")).json()["detail"]
    assert (german, english) == ("Dazu fehlt das Recht.", "You may not do this.")


async def test_missing_address_and_wrong_method(site: Site) -> None:
    check(await site.get("/potsdam/nothing"), 404, "NOT_FOUND")
    check(await site.get("/potsdam/probe/nothing"), 404, "NOT_FOUND")
    answer = await site.client.delete("/potsdam/probe/items")
    check(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("header", "code"),
    [("Bearer nonsense", "INVALID_TOKEN"), ("Basic YTpi", "INVALID_TOKEN"), ("Bearer ", "INVALID_TOKEN")],
)
async def test_bad_token_is_401_and_never_an_anonymous_call(site: Site, header: str, code: str) -> None:
    answer = await site.get("/potsdam/probe/", headers={"Authorization": header})
    check(answer, 401, code)
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_missing_token_is_asked_for(site: Site) -> None:
    answer = await site.get("/potsdam/probe/scope")
    check(answer, 401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_machine_of_another_town_is_refused(site: Site) -> None:
    token = site.auth("bad-belzig", ["graphql.write"], machine=True)
    check(await site.get("/potsdam/probe/", headers=token), 403, "FOREIGN_TENANT")


async def test_answer_that_fails_half_way_is_cut_and_logged(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="late"):
        await site.get("/potsdam/probe/late")
    assert "request_failed" in capsys.readouterr().out

"""Rate limits: a bucket per kind of call, town and client."""

import contextlib

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.errors import TooMany
from regiohub.web.limits import Rate, RateLimiter
from regiohub.web.request import network

from .conftest import MakeSite


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def limiter(time: Time, per_second: float = 1.0, burst: int = 3, most: int = 100) -> RateLimiter:
    return RateLimiter({"public": Rate(per_second, burst)}, monotonic=time, most=most)


def test_burst_passes_and_the_next_call_learns_how_long_to_wait() -> None:
    time = Time()
    limits = limiter(time, per_second=0.1)
    for _ in range(3):
        limits.check("public", "potsdam", "a")
    with pytest.raises(TooMany) as caught:
        limits.check("public", "potsdam", "a")
    assert caught.value.retry_after == 10
    time.now = 10
    limits.check("public", "potsdam", "a")


def test_clients_and_towns_do_not_share_a_bucket() -> None:
    limits = limiter(Time(), burst=1)
    for tenant, client in (("potsdam", "a"), ("potsdam", "b"), ("berlin", "a")):
        limits.check("public", tenant, client)
    with pytest.raises(TooMany):
        limits.check("public", "potsdam", "a")


def test_all_clients_of_a_town_share_a_bucket_of_its_own() -> None:
    limits = RateLimiter({"public": Rate(1.0, 2)}, {"public": Rate(2.0, 5)}, monotonic=Time())
    passed = 0
    for number in range(20):
        with contextlib.suppress(TooMany):
            limits.check("public", "potsdam", f"client-{number}")
            passed += 1
    assert passed == 5
    limits.check("public", "berlin", "client-1")


def test_what_a_clients_own_bucket_refuses_does_not_count_for_the_town() -> None:
    limits = RateLimiter({"public": Rate(1.0, 2)}, {"public": Rate(2.0, 5)}, monotonic=Time())
    for _ in range(50):
        with contextlib.suppress(TooMany):
            limits.check("public", "potsdam", "loud")
    for client in ("a", "b", "c"):
        limits.check("public", "potsdam", client)


def test_strangers_do_not_lock_out_who_is_signed_in_nor_do_they_refill_what_is_used_up() -> None:
    limits = RateLimiter({"public": Rate(1.0, 2)}, {"public": Rate(2.0, 5)}, monotonic=Time(), most=10)
    for number in range(100):
        with contextlib.suppress(TooMany):
            limits.check("public", "potsdam", f"client-{number}")
    with pytest.raises(TooMany):
        limits.check("public", "potsdam", "one more")
    limits.check("public", "potsdam", "anna", known=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:102::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("192.0.2.7", "192.0.2.8", False),
        ("testclient", "testclient", True),
    ],
)
def test_a_client_is_his_network_where_he_has_many_addresses(one: str, other: str, *, same: bool) -> None:
    assert (network(one) == network(other)) is same


def test_many_clients_take_bounded_memory() -> None:
    limits = limiter(Time(), most=10)
    for number in range(1000):
        limits.check("public", "potsdam", str(number))
    assert len(limits._buckets) == 10  # pyright: ignore[reportPrivateUsage]


@settings(deadline=None)
@given(st.lists(st.floats(0, 5), max_size=60))
def test_never_more_than_the_burst_and_what_time_has_added(pauses: list[float]) -> None:
    time, passed = Time(), 0
    limits = limiter(time)
    for pause in pauses:
        time.now += pause
        try:
            limits.check("public", "potsdam", "a")
            passed += 1
        except TooMany:
            pass
        assert passed <= 3 + time.now + 1e-6


@pytest.mark.parametrize(
    ("path", "method", "changes"),
    [
        ("public", "GET", {"rate_public_burst": 2, "rate_public_per_minute": 1.0}),
        ("search", "GET", {"rate_search_burst": 2, "rate_search_per_minute": 1.0}),
        ("ingest", "POST", {"rate_ingest_burst": 2, "rate_ingest_per_second": 0.01}),
    ],
)
async def test_limit_of_the_settings_answers_429_with_retry_after(
    make_site: MakeSite, path: str, method: str, changes: dict[str, float]
) -> None:
    site = await make_site(**changes)
    answers: list[httpx.Response] = [await site.client.request(method, f"/potsdam/probe/{path}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) >= 1
    assert answers[2].json()["code"] == "TOO_MANY"
    assert (await site.client.request(method, f"/bad-belzig/probe/{path}")).status_code == 200


async def test_graphql_counts_per_client_and_town_before_it_reads_anything(make_site: MakeSite) -> None:
    site = await make_site(rate_graphql_burst=2, rate_graphql_per_second=0.01)
    head = {"content-type": "application/json"}
    answers = [await site.client.post("/potsdam/graphql", content=b"{", headers=head) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert int(answers[2].headers["retry-after"]) >= 1
    assert answers[2].json()["errors"][0]["extensions"]["code"] == "TOO_MANY"
    assert (await site.client.post("/bad-belzig/graphql", json={"query": "{ __typename }"})).status_code == 200
    assert (await site.client.post("/region/graphql", json={"query": "{ __typename }"})).status_code == 200

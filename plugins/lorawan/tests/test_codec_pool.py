"""The codec sandbox: what codecs may do, and what happens to those that do something else."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from regiohub_lorawan.codec.pool import CodecPool
from regiohub_lorawan.codec.process import Limits
from regiohub_lorawan.codec.result import CodecKey, DecodeInput, DecodeResult, Failure

GOOD = "function decodeUplink(input) { return { data: { sum: input.bytes.reduce((a, b) => a + b, 0) } }; }"
SLOW = "function decodeUplink(input) { %s; return { data: {} }; }"
PAYLOAD = DecodeInput(bytes([1, 2, 3]), 7, "2026-01-02T03:04:05Z", {"offset": "4"})


@pytest_asyncio.fixture
async def pool() -> AsyncIterator[CodecPool]:
    found = CodecPool(workers=1, limits=Limits(wall_seconds=0.5))
    yield found
    await found.aclose()


def key(version: int = 1, tenant: int = 1) -> CodecKey:
    return CodecKey(tenant, "codec", version)


async def one(pool: CodecPool, source: str, codec: CodecKey | None = None) -> DecodeResult:
    (result,) = await pool.decode(codec or key(), source, [PAYLOAD])
    return result


async def test_decode_uplink_gets_bytes_port_time_and_variables(pool: CodecPool) -> None:
    source = """function decodeUplink(i) { return { warnings: ["w"], data: {
        b: i.bytes, p: i.fPort, t: i.recvTime.toISOString(), v: i.variables.offset } }; }"""
    result = await one(pool, source)
    assert result.data == {"b": [1, 2, 3], "p": 7, "t": "2026-01-02T03:04:05.000Z", "v": "4"}
    assert result.warnings == ("w",)


async def test_legacy_decoder_with_bytes_and_port_is_wrapped_in_data(pool: CodecPool) -> None:
    result = await one(pool, "function Decoder(bytes, port) { return { first: bytes[0], port: port }; }")
    assert result.data == {"first": 1, "port": 7}


async def test_decode_of_the_third_generation_is_understood(pool: CodecPool) -> None:
    result = await one(pool, "function Decode(fPort, bytes, variables) { return { first: bytes[0], port: fPort }; }")
    assert result.data == {"first": 1, "port": 7}


async def test_scripts_run_in_sloppy_mode_with_undeclared_globals_and_octal_literals(pool: CodecPool) -> None:
    result = await one(pool, "function decodeUplink(i) { undeclared = 010; return { data: { v: undeclared } }; }")
    assert result.data == {"v": 8}


async def test_undefined_and_nan_become_null(pool: CodecPool) -> None:
    result = await one(pool, "function decodeUplink(i) { return { data: { a: undefined, b: NaN, c: 1/0 } }; }")
    assert result.data == {"a": None, "b": None, "c": None}


async def test_console_output_of_a_codec_disturbs_nothing(pool: CodecPool) -> None:
    result = await one(pool, "console.log('hi'); function decodeUplink(i) { console.warn(i); return { data: {} }; }")
    assert result.ok


@pytest.mark.parametrize(
    ("source", "failure"),
    [
        ("function decodeUplink(", Failure.EXCEPTION),
        ("var x = 1;", Failure.NO_FUNCTION),
        (SLOW % "throw new Error('broken sensor')", Failure.EXCEPTION),
        (SLOW % "throw null", Failure.MEMORY),
        (SLOW % "throw new Error('\\u0000\\ud800')", Failure.EXCEPTION),
        ("function decodeUplink(i) { return { data: { t: '\\ud800' } }; }", Failure.OUTPUT),
        ("function decodeUplink(i) { return { errors: ['\\u0000'] }; }", Failure.REPORTED),
        ("function decodeUplink(i) { return 5; }", Failure.OUTPUT),
        ("function decodeUplink(i) { return { data: { t: 'x'.repeat(100000) } }; }", Failure.OUTPUT),
        ("function decodeUplink(i) { return { errors: ['bad checksum'] }; }", Failure.REPORTED),
        (SLOW % "while (true) {}", Failure.TIMEOUT),
        (SLOW % "/(a+)+$/.test('a'.repeat(40) + 'b')", Failure.TIMEOUT),
        (SLOW % "let a = []; while (true) a.push(new Array(100000).fill(1))", Failure.MEMORY),
        (SLOW % "(function f() { f(); })()", Failure.STACK),
        ("while (true) {}", Failure.TIMEOUT),
    ],
)
async def test_bad_codec_is_a_named_failure_and_the_next_good_one_works(
    pool: CodecPool, source: str, failure: Failure
) -> None:
    result = await one(pool, source)
    assert result.failure is failure
    assert result.errors
    assert all(text.isprintable() for text in result.errors)
    assert not result.data
    assert (await one(pool, GOOD, key(2))).data == {"sum": 6}


@pytest.mark.parametrize(
    "slow",
    ["new Array(5e8).join('')", "const s = 'a'.repeat(4000000); s.lastIndexOf(s.slice(0, 2000000) + 'b')"],
)
async def test_slow_built_in_that_escapes_the_engine_is_killed_at_the_deadline(pool: CodecPool, slow: str) -> None:
    started = asyncio.get_running_loop().time()
    result = await one(pool, SLOW % slow)
    assert result.failure in {Failure.TIMEOUT, Failure.MEMORY}
    assert asyncio.get_running_loop().time() - started < 5
    assert (await one(pool, GOOD, key(2))).data == {"sum": 6}


async def test_payloads_beside_a_bad_one_in_the_same_batch_are_decoded(pool: CodecPool) -> None:
    source = "function decodeUplink(i) { if (i.fPort === 9) while (true) {} return { data: { p: i.fPort } }; }"
    inputs = [DecodeInput(b"", port, "2026-01-01T00:00:00Z") for port in (1, 9, 2)]
    results = await pool.decode(key(), source, inputs)
    assert [result.failure for result in results] == [None, Failure.TIMEOUT, None]
    assert results[2].data == {"p": 2}


async def test_codec_over_its_limits_again_and_again_is_suspended_and_comes_back() -> None:
    now = 1000.0
    pool = CodecPool(workers=1, limits=Limits(cpu_seconds=0.02, wall_seconds=0.5), clock=lambda: now)
    try:
        results = await pool.decode(key(), SLOW % "while (true) {}", [PAYLOAD] * 5)
        assert [r.failure for r in results] == [Failure.TIMEOUT] * 3 + [Failure.SUSPENDED] * 2
        assert (await one(pool, GOOD, key(1, tenant=2))).ok, "another town's codec is not affected"
        assert (await one(pool, GOOD, key(2))).ok, "a corrected version starts clean"
        assert (await one(pool, GOOD)).failure is Failure.SUSPENDED
        now += 31
        assert (await one(pool, GOOD)).ok
    finally:
        await pool.aclose()


async def test_globals_and_prototypes_do_not_leak_between_towns_or_versions(pool: CodecPool) -> None:
    poison = "Array.prototype.reduce = () => 666; secret = 42;" + GOOD
    reader = "function decodeUplink(i) { return { data: { s: typeof secret, r: [1].reduce((a, b) => a + b, 1) } }; }"
    assert (await one(pool, poison, key(1, tenant=1))).data == {"sum": 666}
    assert (await one(pool, reader, key(1, tenant=2))).data == {"s": "undefined", "r": 2}
    assert (await one(pool, reader, key(2, tenant=1))).data == {"s": "undefined", "r": 2}


async def test_context_is_discarded_after_an_error(pool: CodecPool) -> None:
    source = """var calls = 0;
        function decodeUplink(i) { calls++; if (calls === 2) throw new Error('x'); return { data: { calls } }; }"""
    results = await pool.decode(key(), source, [PAYLOAD] * 3)
    assert [result.data.get("calls") for result in results] == [1, None, 1]


async def test_fresh_runs_share_nothing(pool: CodecPool) -> None:
    source = "var calls = 0; function decodeUplink(i) { calls++; return { data: { calls } }; }"
    results = await pool.decode(key(), source, [PAYLOAD] * 2, fresh=True)
    assert [result.data["calls"] for result in results] == [1, 1]


@pytest.mark.parametrize("name", ["process", "require", "os", "std", "python", "fetch", "Worker"])
async def test_codec_sees_no_host_object(pool: CodecPool, name: str) -> None:
    result = await one(pool, f"function decodeUplink(i) {{ return {{ data: {{ t: typeof {name} }} }}; }}")
    assert result.data == {"t": "undefined"}


async def test_worker_killed_from_outside_is_replaced(pool: CodecPool) -> None:
    assert (await one(pool, GOOD)).ok
    worker = await pool._free.get()  # pyright: ignore[reportPrivateUsage]
    assert worker is not None
    os.kill(worker.pid, 9)
    pool._free.put_nowait(worker)  # pyright: ignore[reportPrivateUsage]
    assert (await one(pool, GOOD)).failure is Failure.CRASHED
    assert (await one(pool, GOOD)).ok


async def test_cancelled_request_leaves_a_usable_pool(pool: CodecPool) -> None:
    task = asyncio.create_task(one(pool, SLOW % "new Array(5e8).join('')"))
    while pool._free.qsize():  # noqa: ASYNC110  # pyright: ignore[reportPrivateUsage]
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await one(pool, GOOD, key(2))).data == {"sum": 6}


async def test_two_workers_serve_one_town_while_the_other_town_hangs() -> None:
    pool = CodecPool(workers=2, limits=Limits(wall_seconds=1))
    try:
        hanging = asyncio.create_task(pool.decode(key(), SLOW % "new Array(5e8).join('')", [PAYLOAD]))
        result = await one(pool, GOOD, key(1, tenant=2))
        assert result.ok
        assert not hanging.done()
        await hanging
    finally:
        await pool.aclose()


async def test_closed_pool_answers_with_a_failure_and_leaves_no_process() -> None:
    pool = CodecPool(workers=1)
    assert (await one(pool, GOOD)).ok
    await pool.aclose()
    assert (await one(pool, GOOD)).failure is Failure.CRASHED

"""Foreign codecs: each bad one ends in time, costs its own worker at most, and leaves everybody else alone."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from regiohub_lorawan.codec.pool import CodecPool
from regiohub_lorawan.codec.process import Limits, WorkerProcess
from regiohub_lorawan.codec.result import CodecKey, DecodeInput, DecodeResult

from .probes import BURNING, ESCAPES, STRANGE, SWELLING, Probe

GOOD = "function decodeUplink(input) { return { data: { sum: input.bytes.reduce((a, b) => a + b, 0) } }; }"
HANGS = "function decodeUplink(input) { new Array(5e8).join(''); return { data: {} }; }"
PAYLOAD = DecodeInput(bytes([1, 2, 3]), 7, "2026-01-02T03:04:05Z")
LIMITS = Limits(cpu_seconds=0.05, wall_seconds=0.4)
PROBES = (*BURNING, *SWELLING, *STRANGE)
_TOOK: dict[str, float] = {}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[CodecPool]:
    """One worker for all probes, so that each meets what the one before has left."""
    found = CodecPool(workers=1, limits=LIMITS)
    yield found
    await found.aclose()


async def one(pool: CodecPool, source: str, codec: str, tenant: int = 1) -> DecodeResult:
    (result,) = await pool.decode(CodecKey(tenant, codec, 1), source, [PAYLOAD])
    return result


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
async def test_a_bad_codec_is_ended_with_a_reason_and_the_next_town_is_served(pool: CodecPool, probe: Probe) -> None:
    began = time.perf_counter()
    result = await one(pool, probe.source, probe.name)
    _TOOK[probe.name] = time.perf_counter() - began
    assert result.failure in probe.failures
    assert result.data == {}
    assert 1 <= len(result.errors) <= 20
    assert all(len(text) <= 500 and text.isprintable() for text in result.errors)
    assert (await one(pool, GOOD, "good", tenant=2)).data == {"sum": 6}


@pytest.mark.parametrize("way", ESCAPES)
async def test_there_is_no_way_from_a_codec_to_the_machine(pool: CodecPool, way: str) -> None:
    found = await one(pool, f"function decodeUplink(input) {{ return {{ data: {{ v: {way} }} }}; }}", f"escape {way}")
    # An error says it as well: there is nothing by this name.
    assert found.data == {"v": "undefined"} or "is not defined" in found.errors[0]


async def test_an_import_brings_nothing(pool: CodecPool) -> None:
    source = """var got = 'nothing'; import('os').then((os) => { got = 'os'; }, () => { got = 'nothing'; });
        function decodeUplink(input) { return { data: { got } }; }"""
    for _ in range(2):
        assert (await one(pool, source, "import")).data in ({"got": "nothing"}, {})


async def test_many_hanging_codecs_of_one_town_do_not_keep_another_waiting() -> None:
    pool = CodecPool(workers=2, limits=LIMITS)
    try:
        hanging = [asyncio.create_task(one(pool, HANGS, f"bad {number}")) for number in range(12)]
        await asyncio.sleep(0)
        result = await one(pool, GOOD, "good", tenant=2)
        served = sum(task.done() for task in hanging)
        assert result.data == {"sum": 6}
        # Those that had a worker already, and those that stood in the line before.
        assert served <= 4
        assert None not in {result.failure for result in await asyncio.gather(*hanging)}
    finally:
        await pool.aclose()


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="only Linux tells what a process may do")
async def test_a_worker_has_limits_of_the_system_no_secret_and_no_open_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOHUB_DATABASE_URL", "postgresql://somebody:secret@db/regiohub")
    read, write = os.pipe()
    os.set_inheritable(write, True)
    worker = await WorkerProcess.start(LIMITS)
    try:
        async for result in worker.decode(CodecKey(1, "good", 1), GOOD, [PAYLOAD], fresh=False):
            assert result.ok
        home = Path(f"/proc/{worker.pid}")
        rows = [
            line.rsplit(maxsplit=3)
            for line in (home / "limits").read_text().splitlines()
            if "bytes" in line or "s " in line
        ]
        allowed = {row[0].strip(): (row[1], row[2]) for row in rows}
        assert allowed["Max address space"] == (str(LIMITS.process_memory),) * 2
        for name in ("Max file size", "Max core file size", "Max processes"):
            assert allowed[name] == ("0", "0"), name
        assert allowed["Max open files"] == ("16", "16")
        assert int(allowed["Max cpu time"][0]) <= 4
        assert (home / "environ").read_bytes() == b""
        assert b"secret" not in (home / "cmdline").read_bytes()
        assert os.readlink(home / "cwd") == "/"
        opened = sorted(os.readlink(entry).partition(":")[0] for entry in (home / "fd").iterdir())
        assert opened.count("pipe") == 2, "the two to its parent"
        assert set(opened) <= {"pipe", "/dev/null"}
    finally:
        await worker.kill()
        os.close(read)
        os.close(write)


async def test_figures_of_the_probes_are_kept(record_property: Callable[[str, object], None]) -> None:
    name, most = max(_TOOK.items(), key=lambda entry: entry[1])
    taken = f"{len(_TOOK)} bad codecs and {len(ESCAPES)} ways out, slowest {most * 1000:.0f} ms ({name})"
    record_property("codec sandbox", f"at most {LIMITS.wall_seconds * 1000:.0f} ms each: {taken}")
    assert len(_TOOK) == len(PROBES)

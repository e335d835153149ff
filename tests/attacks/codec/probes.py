"""Codecs that try to stay for ever, to take all memory, to flood the platform, to see it, or to leave their cage."""

from __future__ import annotations

from dataclasses import dataclass

from regiohub_lorawan.codec.result import Failure

_LIMITS = frozenset({Failure.TIMEOUT, Failure.MEMORY, Failure.STACK})
_ENDED = _LIMITS | {Failure.EXCEPTION}


@dataclass(frozen=True, slots=True)
class Probe:
    """One codec. `failures`: what its payload may get."""

    name: str
    source: str
    failures: frozenset[Failure]


def _ends(name: str, body: str, failures: frozenset[Failure] = _LIMITS) -> Probe:
    return Probe(name, f"function decodeUplink(input) {{ {body}; return {{ data: {{}} }}; }}", failures)


def _gives(name: str, answer: str, failures: frozenset[Failure] = _LIMITS) -> Probe:
    return Probe(name, f"function decodeUplink(input) {{ return {answer}; }}", failures)


_OUTPUT = frozenset({Failure.OUTPUT})
BURNING = (
    _ends("endless loop", "while (true) {}"),
    Probe("endless loop while it is loaded", "while (true) {}", _LIMITS),
    _ends("recursion", "(function f() { f(); })()"),
    _ends("regular expression", "/^(a+)+$/.test('a'.repeat(60) + 'b')"),
    _ends("a second regular expression", "/(x+x+)+y/.test('x'.repeat(100))"),
    _ends("slow join", "new Array(5e8).join('')"),
    _ends("slow lastIndexOf", "const s = 'a'.repeat(4000000); s.lastIndexOf(s.slice(0, 2000000) + 'b')"),
    _ends("sparse array", "const a = []; a[4294967294] = 1; JSON.stringify(a)"),
    _ends("powers of a BigInt", "let a = 2n; while (true) a = a ** 2n", _ENDED),
    _gives("endless getter", "{ data: { get a() { while (true) {} } } }"),
    _gives("endless toJSON", "{ data: { toJSON() { while (true) {} } } }"),
    _gives("endless list of keys", "{ data: new Proxy({}, { ownKeys() { while (true) {} } }) }"),
    _gives("endless answer", "new Proxy({}, { get() { while (true) {} } })"),
    _ends("error that never says what it is", "throw { toString() { while (true) {} } }"),
    _ends("error with endless words", "throw { get message() { while (true) {} }, get stack() { while (true) {} } }"),
    Probe(
        "function that is an endless getter",
        "Object.defineProperty(globalThis, 'decodeUplink', { get() { while (true) {} } })",
        _LIMITS,
    ),
)
"""They burn time."""

SWELLING = (
    _ends("memory", "const a = []; while (true) a.push(new Array(100000).fill(1))"),
    _ends("text that doubles", "let s = 'x'; while (true) s += s", _ENDED),
    _ends("text repeated", "'x'.repeat(2 ** 29)", _ENDED),
    _ends("text replaced", "'a'.repeat(1e6).replaceAll('a', 'b'.repeat(100))", _ENDED),
    _ends("large buffer", "new Uint8Array(2 ** 31)", _ENDED),
    _ends("sorting", "new Array(1e7).fill(0).map((_, i) => -i).sort()", _ENDED),
    _gives("long answer", "{ data: { t: 'x'.repeat(70000) } }", _OUTPUT),
    _gives(
        "answer with many keys",
        "{ data: Object.fromEntries(Array.from({ length: 20000 }, (_, i) => [i, i])) }",
        _OUTPUT | _ENDED,
    ),
    _gives("answer in a circle", "(() => { const a = {}; a.a = a; return { data: a }; })()", _ENDED),
    _gives(
        "answer 100,000 deep", "(() => { let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return { data: a }; })()"
    ),
    _gives("very long toJSON", "{ data: { toJSON() { return 'x'.repeat(1e7); } } }"),
    _gives("100,000 errors", "{ errors: new Array(1e5).fill('x'.repeat(10)) }", _OUTPUT | _ENDED),
    _ends("error of ten million letters", "throw new Error('x'.repeat(1e7))", _ENDED),
    Probe("100,000 brackets", "(" * 100_000, _ENDED),
    Probe("source of two million letters", "var a = [" + "1," * 1_000_000 + "];", _ENDED),
)
"""They take memory, here or in the process that reads their answer."""

STRANGE = (
    _gives("promise that is never kept", "new Promise(() => {})", _OUTPUT),
    Probe("function that waits for ever", "async function decodeUplink(i) { await new Promise(() => {}); }", _OUTPUT),
    Probe("generator without an end", "function* decodeUplink(i) { while (true) yield 1; }", _OUTPUT),
    Probe("module", "import * as os from 'os'; function decodeUplink(i) { return { data: {} }; }", _ENDED),
    _ends("wait of the whole thread", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", _ENDED),
    Probe(
        "JSON of its own", "JSON.stringify = () => { while (true) {} }; var x = 1;", frozenset({Failure.NO_FUNCTION})
    ),
    _gives("half a letter", "{ data: { t: '\\ud800' } }", _OUTPUT),
)
"""They answer what is no answer."""

ESCAPES = (
    "typeof process", "typeof require", "typeof os", "typeof std", "typeof bjson", "typeof scriptArgs", "typeof fetch",
    "typeof Worker", "typeof XMLHttpRequest", "typeof WebAssembly", "typeof python", "typeof print", "typeof load",
    "eval('typeof process')", "Function('return typeof require')()", "new Function('return typeof std')()",
    "(0, eval)('typeof os')", "typeof this.constructor.constructor('return this')().process",
    "typeof (function () { return this; })().os",
    "typeof input.constructor.constructor('return process')().x", "typeof Reflect.get(globalThis, 'std')",
)  # fmt: skip
"""Ways to something of the machine. What they say is never more than that nothing or only plain JavaScript is there."""

"""The worker process: reads requests on its standard input, runs codecs, writes one answer per payload.

Started by path with ``python -I`` and an empty environment, so it imports nothing of the platform and knows no
secret. It imports only the standard library and the JavaScript engine. The engine's own limits (time, memory, stack)
stop most bad codecs; what escapes them (slow built-ins) is ended from outside: by the parent's deadline and by the
operating system's limits set here.
"""

import json
import os
import re
import resource
import struct
import sys
from collections import OrderedDict
from typing import IO, Any

import quickjs

_CALL = re.compile(r"<input>:(\d+)")

MAX_CONTEXTS = 32
"""Contexts kept warm per worker; the least used one is dropped first."""

# The engine's functions are taken before the codec runs, so a codec that replaces them harms only its own globals.
# Missing values become null (NaN already does), because a mapped value that is absent is "no value", not an error.
HARNESS = """
(function (global) {
  const stringify = JSON.stringify, parse = JSON.parse, Time = Date, has = (n) => typeof global[n] === 'function';
  const plain = (_, v) => v === undefined ? null : typeof v === 'bigint' ? Number(v) : v;
  const silent = () => undefined;
  global.console = { log: silent, info: silent, warn: silent, error: silent, debug: silent };
  return function regiohubRun(text) {
    const i = parse(text);
    let out;
    if (has('decodeUplink')) {
      out = global.decodeUplink({ bytes: i.bytes, fPort: i.fPort, recvTime: new Time(i.recvTime),
                                  variables: i.variables });
    } else if (has('Decoder')) {
      out = { data: global.Decoder(i.bytes, i.fPort) };
    } else if (has('Decode')) {
      out = { data: global.Decode(i.fPort, i.bytes, i.variables) };
    } else {
      return 'null';
    }
    return stringify(out === undefined ? {} : out, plain);
  };
})(globalThis)
"""


def main() -> None:
    """Serve until the parent closes the pipe."""
    settings = json.loads(sys.argv[1])
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    _limit_process(int(settings["process_memory"]))
    runner = Runner(settings)
    while True:
        head = requests.read(4)
        if len(head) < 4:
            return
        request = json.loads(requests.read(struct.unpack(">I", head)[0]))
        for item in request["items"]:
            _limit_cpu(float(settings["wall_seconds"]))
            _answer(answers, runner.run(request, item))


def _limit_process(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _limit_cpu(seconds: float) -> None:
    """End the process by the kernel if the parent is gone and one payload burns on: CPU time used so far plus some."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _answer(stream: IO[bytes], answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


class Runner:
    """Keeps one context per codec version of a town and throws it away after any failure."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._cpu = float(settings["cpu_seconds"])
        self._memory = int(settings["memory"])
        self._stack = int(settings["stack"])
        self._output = int(settings["output"])
        self._contexts: OrderedDict[str, tuple[Any, Any]] = OrderedDict()

    def run(self, request: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
        """Decode one payload: ``{"out": <JSON text>}`` or ``{"failure": …, "message": …}``."""
        key = request["key"]
        try:
            text = self._function(key, request["source"])(json.dumps(item))
        except quickjs.JSException as error:
            self._contexts.pop(key, None)
            return _failure(str(error))
        except MemoryError:
            self._contexts.pop(key, None)
            return {"failure": "memory", "message": "out of memory"}
        if request["fresh"]:
            self._contexts.pop(key, None)
        if text == "null":
            self._contexts.pop(key, None)
            return {"failure": "no_function", "message": "decodeUplink(input) or Decoder(bytes, port) is missing"}
        if not isinstance(text, str) or len(text) > self._output:
            self._contexts.pop(key, None)
            return {"failure": "output", "message": f"the answer is longer than {self._output} characters"}
        return {"out": text}

    def _function(self, key: str, source: str) -> Any:
        known = self._contexts.get(key)
        if known is not None:
            self._contexts.move_to_end(key)
            return known[1]
        context = quickjs.Context()
        context.set_memory_limit(self._memory)
        context.set_max_stack_size(self._stack)
        context.set_time_limit(self._cpu)
        function = context.eval(HARNESS)
        # A plain script, not a module: many codecs assign undeclared variables, which strict mode forbids.
        context.eval(source)
        self._contexts[key] = (context, function)
        if len(self._contexts) > MAX_CONTEXTS:
            self._contexts.popitem(last=False)
        return function


def _line(text: str) -> int | None:
    """Line of the codec in which it failed, from the engine's list of calls; None when it failed outside of it."""
    for call in text.split("\n")[1:]:
        found = _CALL.search(call)
        if found:
            return None if "regiohubRun" in call else int(found[1])
    return None


def _failure(text: str) -> dict[str, Any]:
    line = _line(text)
    message = text.strip().split("\n", 1)[0][:500].encode("utf-8", "replace").decode()
    for sign, failure in (
        ("InternalError: interrupted", "timeout"),
        ("InternalError: out of memory", "memory"),
        ("RangeError: Maximum call stack", "stack"),
    ):
        if message.startswith(sign):
            return {"failure": failure, "message": message, "line": line}
    # After exhausted memory the engine cannot even build an error object: it throws null.
    failure = "memory" if message in ("", "null") else "exception"
    return {"failure": failure, "message": message or "out of memory", "line": line}


if __name__ == "__main__":
    main()

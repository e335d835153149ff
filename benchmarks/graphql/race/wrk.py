"""The same load by wrk, for those who have it and want a second opinion."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

_SCRIPT = """
wrk.method = "POST"
{headers}
local file = io.open("{body}", "rb")
wrk.body = file:read("*a")
done = function(summary, latency)
  local faults = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), faults.status + faults.read + faults.connect + faults.timeout))
end
"""


def run(url: str, headers: dict[str, str], body: bytes, connections: int, seconds: float) -> dict[str, Any]:
    """One run of wrk, in the words of our own load generator. wrk counts whole seconds only."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body"
        file.write_bytes(body)
        script = Path(folder) / "post.lua"
        lines = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items())
        script.write_text(_SCRIPT.format(headers=lines, body=file))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
        done = subprocess.run([*command, "-s", str(script), url], capture_output=True, text=True, check=True)
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    if found is None:
        raise RuntimeError(f"wrk said: {done.stdout}{done.stderr}")
    requests, micros, p50, p99, errors = map(int, found.groups())
    return {
        "requests": requests, "seconds": micros / 1e6, "p50": p50 / 1000, "p99": p99 / 1000, "errors": errors,
        "busy": 0.0,
    }  # fmt: skip

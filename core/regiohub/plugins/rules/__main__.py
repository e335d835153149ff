"""Judge a project's folder and write what comes out as JSON: `python -m regiohub.plugins.rules FOLDER ANSWER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .report import answer

root, target = map(Path, sys.argv[1:3])
target.write_text(json.dumps(answer(root)), encoding="utf-8")

"""The tool on other data: a copy of decision/ and data/ that a test may edit, and a script run in it, as somebody would who edits data/ alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[1]


def copied(folder: Path) -> Path:
    """A copy of the tool in `folder`; gives its data/."""
    for part in ("decision", "data"):
        shutil.copytree(HOUSE / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "data"


def run(folder: Path, script: Path) -> Any:
    """What a script prints as JSON when it runs in that copy."""
    here = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, script], cwd=folder, env=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])

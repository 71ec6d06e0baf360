"""Decision records of three scenarios as they are filed, kept as Markdown in tests/golden/records/.

    python -m tests.filed_records            # which of them would read otherwise; nothing is written
    python -m tests.filed_records --write    # the same, and they are written: read every line that changed before it is committed

Records change with prices, rules and words, so a change of any of them shows here as a reader would see it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from decision.loading import load
from decision.report.filed import filed
from decision.report.formats import FORMATS
from decision.report.sections.decision import People
from decision.scenario import inputs_of, read_scenario, ready_made

RECORDS = Path(__file__).parent / "golden" / "records"
SCENARIOS = ("support-desk-30-days", "five-departmental-specialists", "human-in-the-loop-inbox")
_PEOPLE = People(("Ann Example", "Bo Example"), ("Platform team",), ("Finance",))


def record(name: str) -> str:
    """The record of a ready-made scenario, without what changes with every edit of data/: the catalog's digest and the link."""
    text = FORMATS["md"].written(filed(inputs_of(read_scenario(ready_made()[name]), load()), _PEOPLE, "accepted")).decode()
    text = re.sub(r"(catalog |catalog_version\": \")[0-9a-f]{12}", r"\1DIGEST", text)
    return re.sub(r"\?s=\S+", "?s=LINK", text)


def main(arguments: list[str]) -> None:
    """Show which differ, and write them when told to."""
    for name in SCENARIOS:
        path, now = RECORDS / f"{name}.md", record(name)
        same = path.exists() and path.read_text(encoding="utf-8") == now
        sys.stdout.write(f"{name}: {'as kept' if same else 'reads otherwise'}\n")
        if arguments == ["--write"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""How far one has to walk through the code: python -m tests.benchmarks.bench_walk [SCENARIO].

What `recommend` calls of decision/, counted by the interpreter: functions, calls, how many of them enter another module, ways from one
module into another, how many calls climb to a room that stands higher (a callback), how deep the stack gets, and how often each module is
entered from outside. Comprehensions count as part of the function they stand in. Beside it the size of the import graph. Counts, not times:
the same on every machine, so a change of the code can be read off them.
"""

from __future__ import annotations

import datetime as dt
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import grimp

import decision
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import inputs_of, read_scenario, ready_made

DAY = dt.date(2026, 11, 20)
USUAL = "support-desk-22-days"
ROOT = Path(decision.__file__).parent


def module_of(frame: FrameType) -> str | None:
    """The module of decision/ that a frame runs in, without the package's own name; None for any other code."""
    name = str(frame.f_globals.get("__name__", ""))
    return name.partition(".")[2] or "decision" if name.split(".", maxsplit=1)[0] == "decision" else None


def floors() -> dict[str, int]:
    """Room -> its floor in the import contract, the ground floor 0."""
    contracts = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {room.strip(" ()"): floor for floor, layer in enumerate(reversed(layers)) for room in layer.split("|")}


class Walk:
    """Counts of one run."""

    def __init__(self) -> None:
        self.calls, self.climbs, self.deepest = 0, 0, 0
        self.functions: set[tuple[str, str]] = set()
        self.ways: set[tuple[str, str]] = set()
        self.entered: Counter[str] = Counter()
        self._stack: list[str | None] = []
        self._floors = floors()

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """One event of the interpreter."""
        if event == "return" and self._stack:
            self._stack.pop()
        elif event == "call":
            module = module_of(frame)
            came_from = next((place for place in reversed(self._stack) if place), None)
            inside = frame.f_code.co_name.endswith(("<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>"))
            self._stack.append(None if inside else module)
            if module is None or inside:
                return
            self.calls += 1
            self.functions.add((module, frame.f_code.co_qualname))
            self.deepest = max(self.deepest, sum(place is not None for place in self._stack))
            if came_from and module != came_from:
                self.entered[module] += 1
                self.ways.add((came_from, module))
                self.climbs += self._floor(module) > self._floor(came_from)

    def _floor(self, module: str) -> int:
        return self._floors.get(module.split(".", maxsplit=1)[0], 0)


def walked(task: Callable[[], object]) -> Walk:
    """The walk of a task, caches warm."""
    walk = Walk()
    sys.setprofile(walk)
    try:
        task()
    finally:
        sys.setprofile(None)
    return walk


def main() -> None:
    """Print the counts."""
    file = sys.argv[1] if len(sys.argv) > 1 else USUAL
    scenario = read_scenario(ready_made().get(file, file))
    catalog = load()
    recommend(inputs_of(scenario, catalog, DAY))  # warms what is computed once a process
    inputs = inputs_of(scenario, catalog, DAY)
    walk = walked(lambda: recommend(inputs))
    print(f"recommend, {file}: {len(walk.functions)} functions, {walk.calls:,} calls, {walk.climbs} up, {walk.deepest} deep")
    print(f"{sum(walk.entered.values()):,} calls into another module, on {len(walk.ways)} ways between {len(walk.entered)} modules")
    for module, count in walk.entered.most_common():
        print(f"  {count:6,d}  {module}")
    graph = grimp.build_graph("decision")
    below = {module for module in graph.modules if not module.startswith(("decision.ui", "decision.terminal", "decision.__main__"))}
    imports = [(one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one)]
    under = [pair for pair in imports if below.issuperset(pair)]
    print(f"import graph: {len(graph.modules)} modules, {len(imports)} imports; below page and command line {len(below)} and {len(under)}")


if __name__ == "__main__":
    main()

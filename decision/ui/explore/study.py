"""What every section of the Explore page starts from: the recommendation, the options still in the race, and their names."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from decision import charts
from decision.analysis.breakeven import Basis
from decision.analysis.draws import USUAL_DRAWS, of_options, ranged
from decision.analysis.flips import Flip
from decision.analysis.search import relevant_drivers, search_range
from decision.catalog import Option
from decision.charts import Bar
from decision.costs.costs import standing
from decision.errors import BadInput
from decision.framework import ODDS_DRAWS
from decision.loading import load
from decision.recommendation import OptionResult, Recommendation
from decision.scenario import Inputs, Spec
from decision.ui import state, views
from decision.ui.formats import escaped
from decision.words import BASES, counted, sentence_case

Words = Callable[[float], str]

DRAWS = (1_024, USUAL_DRAWS, 16_384, 65_536, 262_144, 1_048_576)
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Study:
    """The scenario as it stands, and its recommendation."""

    inputs: Inputs
    answer: Recommendation

    @property
    def ids(self) -> tuple[str, ...]:
        """Options left, the cheapest over the horizon first."""
        return self.answer.ranking

    @functools.cached_property
    def priced(self) -> dict[str, OptionResult]:
        """Every option of the catalog that has a price that day, those left first."""
        found = {result.id: result for result in self.answer.options if result.costed}
        return {option_id: found[option_id] for option_id in (*self.ids, *(i for i in found if i not in self.ids))}

    @functools.cached_property
    def names(self) -> dict[str, str]:
        """Short names of the options that have a price."""
        return {option_id: result.option.short_name for option_id, result in self.priced.items()}

    @functools.cached_property
    def options(self) -> dict[str, Option]:
        """The options that have a price, those left first."""
        return {option_id: result.option for option_id, result in self.priced.items()}

    @property
    def options_left(self) -> dict[str, Option]:
        """The options left."""
        return {option_id: self.options[option_id] for option_id in self.ids}

    @property
    def left(self) -> dict[str, str]:
        """Short names of the options left."""
        return {option_id: self.names[option_id] for option_id in self.ids}

    @property
    def best(self) -> str:
        """The recommended option. Sections are drawn only where there is one."""
        assert self.answer.option is not None
        return self.answer.option

    @property
    def rival(self) -> str | None:
        """The cheapest of the others left."""
        return next((option_id for option_id in self.ids if option_id != self.best), None)

    @property
    def months(self) -> int:
        """The horizon."""
        return self.answer.horizon_months

    def spec(self, driver: str) -> Spec:
        """Label, unit and bounds of a driver."""
        return self.inputs.driver_spec(driver)

    def now(self, driver: str) -> float:
        """Where the scenario stands on a driver."""
        return standing(self.inputs, driver)

    @functools.cached_property
    def drivers(self) -> tuple[str, ...]:
        """Inputs and prices that some option left can feel and that can be varied; first those that flip the answer, the smallest ratio first."""
        bills = [costed.bill for option_id in self.ids if (costed := self.priced[option_id].costed)]
        known = [driver for driver in relevant_drivers(self.inputs, bills) if _varies(self.inputs, driver)]
        flips = sorted((flip for flip in self.flips.values() if flip.driver in known), key=_ratio)
        return tuple(dict.fromkeys((*(flip.driver for flip in flips), *known)))

    @functools.cached_property
    def flips(self) -> dict[str, Flip]:
        """Driver -> the smallest change of it that flips the answer."""
        found = sorted((flip for flip in self.answer.flips if flip.flips_at is not None), key=_ratio, reverse=True)
        return {flip.driver: flip for flip in found}

    @property
    def ranges(self) -> tuple[str, ...]:
        """Paths of the inputs that are ranges and that an option left can feel."""
        return of_options(self.inputs, ranged(self.inputs), self.ids)


def _ratio(flip: Flip) -> float:
    """How many times more or less an input becomes: 0.02 for 0.15 is as far away as 1.1 for 0.15, though its change is smaller."""
    ends = sorted((flip.now, flip.flips_at or 0.0))
    return ends[1] / ends[0] if ends[0] > 0 else math.inf


def _varies(inputs: Inputs, driver: str) -> bool:
    low, high = search_range(inputs, driver)
    return low < high


def study() -> Study:
    """The study of the sheet. Raises BadInput when there is no recommendation to study."""
    return Study(state.sheet().inputs, state.recommended())


def section(draw: Callable[[Study], None]) -> Callable[[], None]:
    """A section of the page as a fragment; input that cannot be used is said in it, and takes nothing else with it."""

    @st.fragment
    @functools.wraps(draw)
    def drawn() -> None:
        if st.session_state.pop("explore_changed", False):
            st.rerun()
        try:
            draw(study())
        except BadInput as error:
            views.say("error", error.problems)

    return drawn


def changed() -> None:
    """A callback's last step: the scenario is another one, so the page above the section and the address follow."""
    st.session_state.explore_changed = True


# -- widgets that several sections have ---------------------------------------------------------------


def option_choice(found: Study, label: str, key: str, ids: Sequence[str], first: str) -> str:
    """One of some options."""
    index = ids.index(first) if first in ids else 0
    words = {option_id: found.names[option_id] for option_id in ids}
    return st.selectbox(label, ids, index=index, format_func=lambda i: words[i], key=f"{key}@{'|'.join(ids)}", persist_state="session", width=240)


def driver_choice(found: Study, label: str, key: str, first: str, without: Sequence[str] = (), width: int = 320) -> str:
    """Any input or price that an option left can feel; typing searches."""
    drivers = [driver for driver in found.drivers if driver not in without]
    words = driver_words(found, drivers)
    index = drivers.index(first) if first in drivers else 0
    return st.selectbox(
        label, drivers, index=index, format_func=lambda d: words.get(d, d), key=f"{key}@{hash(tuple(drivers))}", persist_state="session", width=width
    )


def driver_words(found: Study, drivers: Sequence[str]) -> dict[str, str]:
    """The name of each driver; prices say that they are prices."""
    return {driver: f"Price: {found.spec(driver).label}" if driver.startswith("prices.") else found.spec(driver).label for driver in drivers}


def draws_choice(most: int = DRAWS[-1]) -> tuple[int, int]:
    """How many draws, and the seed."""
    usual = int(load().framework.threshold(ODDS_DRAWS))
    options = [draws for draws in DRAWS if draws <= most]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draws = st.selectbox(
            "Draws",
            options,
            index=options.index(USUAL_DRAWS),
            format_func=lambda n: f"{n:,}",
            key=f"explore_draws_{most}",
            persist_state="session",
            width=150,
            help=f"More draws make the figures steadier. The odds on the page Decide come from {usual:,}.",
        )
        seed = st.number_input(
            "Seed",
            0,
            MOST_SEED,
            1,
            key="explore_seed",
            persist_state="session",
            width=150,
            help="Where the draws start. The same seed gives the same figures, to the last digit.",
        )
    return int(draws), int(seed if seed is not None else 1)


def basis_choice(key: str) -> Basis:
    """What is compared."""
    return st.selectbox(
        "Compare", list(map(Basis, BASES)), format_func=lambda basis: sentence_case(BASES[basis]), key=key, persist_state="session", width=220
    )


def basis_unit(found: Study, basis: Basis) -> str:
    """The axis of costs on that basis."""
    return f"US dollars over {found.months} months" if basis is Basis.TOTAL else "US dollars in month 12"


# -- drawing -----------------------------------------------------------------------------------------


def bars(title: str, shown: Sequence[Bar], alt: str, as_table: Callable[[], None], key: str, numbers: str = charts.DOLLARS) -> None:
    """Bars under their names. title: of the axis; alt: what they are, before each is named with its value."""
    said = f"{alt} " + "; ".join(f"{bar.label}: {bar.words}" for bar in shown)
    views.figure("bars", {"x": title, "numbers": numbers}, charts.bar_rows(shown), said, as_table, key)


def lead(words: str) -> None:
    """The sentence above a chart that says what it shows for this scenario."""
    views.paragraph(words, "verdict")


def heading(title: str) -> None:
    """A part of a section."""
    st.header(escaped(title), anchor=False)


def ranges_words(count: int, draws: int, seed: int) -> str:
    """What the draws were, for a note."""
    return f"{draws:,} draws of {counted(count, 'range')}, seed {seed}."


def enough(found: Study, what: str) -> bool:
    """Whether there are two options to compare; says so where not."""
    if len(found.ids) > 1:
        return True
    lead(f"{found.left[found.best]} is the only option left, so there is nothing to compare: {what}")
    return False

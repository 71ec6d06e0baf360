"""The share link: a whole scenario as a short text that fits into an address.

    code = link_code(scenario)                 # "1eNq..." for ?s=
    opened = open_link(code, catalog)          # Opened(scenario, dropped)

A code is its version, "1", followed by the scenario's own data (JSON without blanks, compressed with zlib and a
fixed dictionary, base64url). Opening bounds the text and what it expands to, and validates everything through
`scenario_from`. What an older or newer tool wrote and this one does not know is left out and named, never guessed.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from decision.catalog import Catalog
from decision.errors import BadInput, shown, the_first, where, worth_saying
from decision.scenario import inputs_of, plain
from decision.scenario.bounds import LARGEST_FILE, check_bounds
from decision.scenario.facts import price_spec
from decision.scenario.inputs import useless_in, useless_of
from decision.scenario.model import LAST_DAY, OptionOverrides, Scenario
from decision.scenario.overrides import renamed
from decision.scenario.quantity import read

VERSION = "1"
LONGEST_CODE = 20_000  # characters; a usual scenario takes a few hundred
LARGEST_CONTENT = LARGEST_FILE  # bytes after decompression
_NOTHING = object()
_ROUNDS = 8  # of validating and cutting all that is complained of; fields come first, then what they must have in common

# Part of version 1: a code written with it can only be read with it. Never edit; a new one is a new version.
_DICTIONARY = (
    b'"overrides":{"options":{"prices":{"upkeep_fte":"build_weeks":"exit_weeks":"weeks_to_production":"licence_per_month":"server":{"price_month":'
    b'"ram_gb":"redundant":true,"stops_sessions":true,"providers":["correlations":["measured":"stderr":"hosted_product_for_third_parties":true'
    b'"google-agent-runtime","azure-foundry","langsmith","openai-containers","gpu-node","e2b","daytona","modal","cloudflare","vercel","fly",'
    b'"managed-agents-own-sandboxes","managed-agents-own-service","consider":["all"],["managed-agents","agentcore-v1","agentcore-v2","vps","multica"]'
    b'"per_session":{"tool_calls":"tool_searches":"memory_events":"memory_records":"memory_retrievals":"identity_requests":"spans":'
    b'"already_runs":["sandbox","orchestrator","session_state","credential_vault","observability"]'
    b'"constraints":{"models":"mixed","data_residency":"own_cloud""air_gapped""vendor_region","observability":"mature"},"poll_interval_seconds":'
    b'"exit":{"portable_main_loop":true,"chance_of_leaving_in_horizon":0.2},"value_per_week_in_production":"discount_rate":0.1,"horizon_months":36,'
    b'"team":{"engineer_cost_per_year":120000,"platform_talent":"stretched""bench","models":"claude_only"'
    b'"claude-opus-4-5":"claude-haiku-4-5":"claude-opus-5":"claude-haiku-5-5":"claude-sonnet-5-5":1.0},"sandbox":{"vcpu":1,"memory_gb":2,"cpu_busy_share":0.2},'
    b'"tokens_per_session":{"input":"cache_read":"cache_write_5m":"cache_write_1h":0,"output":15000},"typical_prompt_tokens":"batchable_share":'
    b'"web_searches_per_session":"model_mix":{"load":"bursty""steady","stakes":"high""normal","peak_to_average":"pauses_per_session":'
    b'"open_hours_per_session":{"low":2,"likely":3,"high":8},"days_per_month":30,"sessions_per_day":1,"active_hours_per_session":8,'
    b'"agents_in_12_months":10,{"version":1,"as_of":"2026-11-20","name":"fleet":[{"name":"agents":3,'
)


@dataclass(frozen=True)
class Opened:
    """What a link held. dropped: one sentence for each part that could not be used, or for the first of very many."""

    scenario: Scenario
    dropped: tuple[str, ...] = ()


def link_code(scenario: Scenario) -> str:
    """The scenario as the text of a share link; `open_link` gives it back."""
    text = json.dumps(plain(scenario), separators=(",", ":"), ensure_ascii=False).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    packed = packer.compress(text) + packer.flush()
    return VERSION + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def open_link(code: str, catalog: Catalog) -> Opened:
    """The scenario that a link carries, and what of it could not be used.

    Raises BadInput when nothing can be read: a cut or altered link, an unknown version, too large, or no usable fleet.
    """
    content = _content(code)
    if content.get("version", 1) != 1 or isinstance(content.get("version"), bool):
        raise _unreadable("it was written by a newer version of this tool and holds no scenario of this one")
    dropped = list(_without_unknown_names(content, catalog))
    for _ in range(_ROUNDS):
        try:
            scenario = Scenario.model_validate(content)
        except ValidationError as error:
            dropped += _without_the_unusable(content, error)
        else:
            return Opened(_known_to(catalog, scenario), tuple(the_first(tuple(dict.fromkeys(dropped)), str)))
    raise _unreadable("too much of it is unknown")


def _known_to(catalog: Catalog, scenario: Scenario) -> Scenario:
    """The scenario, once it is certain that its inputs can be filled in on any day."""
    try:
        inputs_of(scenario, catalog, LAST_DAY)
    except BadInput as error:
        raise _unreadable(error.problems[0].rstrip(".")) from None
    return scenario


def _content(code: str) -> dict[str, Any]:
    if len(code) > LONGEST_CODE:
        raise _unreadable(f"it has {len(code):,} characters, more than the {LONGEST_CODE:,} a link may have")
    if not re.fullmatch(r"[0-9][A-Za-z0-9_-]+=*", code):
        raise _unreadable("it holds characters that no link has, so it was cut or changed on its way")
    if code[0] != VERSION:
        raise _unreadable(f"it was written in version {code[0]} and this tool reads version {VERSION}")
    try:
        packed = base64.urlsafe_b64decode(code[1:].rstrip("=") + "=" * (-len(code[1:].rstrip("=")) % 4))
        unpacker = zlib.decompressobj(-15, _DICTIONARY)
        text = unpacker.decompress(packed, LARGEST_CONTENT + 1)
        if len(text) > LARGEST_CONTENT:
            raise _unreadable(f"it expands to more than {LARGEST_CONTENT:,} bytes, so it is no scenario")
        if not unpacker.eof:
            raise _unreadable("its end is missing, so it was cut on its way")
        content = json.loads(text)
    except BadInput:
        raise
    except (zlib.error, ValueError, RecursionError):  # ValueError: no base64, no UTF-8, no JSON, a number of thousands of digits
        raise _unreadable("it was cut or changed on its way") from None
    if not isinstance(content, dict):
        raise _unreadable("it holds no scenario")
    try:
        check_bounds(content, "its content")
    except BadInput as error:
        raise _unreadable(error.problems[0].rstrip(".")) from None
    return content


def _unreadable(why: str) -> BadInput:
    return BadInput(f"This link cannot be opened: {why}. Ask for the link again, or open the scenario file instead.")


def _reason(problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return "this version does not know this field."
    return str(problem.get("ctx", {}).get("error", problem["msg"])).rstrip(".") + "."


def _without_the_unusable(content: dict[str, Any], error: ValidationError) -> Iterator[str]:
    """Take out all parts that are complained of; a sentence for each. Raises BadInput when a complaint is about no part of the content."""
    complaints: dict[tuple[Any, ...], str] = {}
    for problem in worth_saying(error):
        place = _culprit(content, problem)
        if not (cut := _last_that_exists(content, place)):
            raise _unreadable("it holds no scenario that this tool can use")
        complaints.setdefault(cut, f"{where(place)}: {_reason(problem)}")
    whole = [cut for cut in complaints if not any(cut[:n] in complaints for n in range(1, len(cut)))]  # a part goes with what holds it
    for *holder, last in reversed(whole):  # of a list the last first
        del _at(content, holder)[last]
    yield from (complaints[cut] for cut in whole)


def _culprit(content: dict[str, Any], problem: Any) -> tuple[Any, ...]:
    """Where to cut: the field itself, or the field that a complaint about the whole group starts with."""
    place: tuple[Any, ...] = problem["loc"]
    first_word = _reason(problem).split()[0]
    return (*place, first_word) if _at(content, (*place, first_word)) is not _NOTHING else place


def _last_that_exists(content: dict[str, Any], place: Sequence[Any]) -> tuple[Any, ...]:
    """The part at `place`, or the nearest part above it that exists; () when none does."""
    return next((tuple(place[:n]) for n in range(len(place), 0, -1) if _at(content, place[:n]) is not _NOTHING), ())


def _without_unknown_names(content: dict[str, Any], catalog: Catalog) -> Iterator[str]:
    """Take out names of options, models, prices, providers and components that the catalog no longer has; a sentence for each."""
    providers = {plan.provider for plan in catalog.plans.values()}
    overrides = _mapping(content.get("overrides"))
    for place, holder, key, known in (
        ("consider", content, "consider", {*catalog.options, "all"}),
        ("overrides.prices", overrides, "prices", catalog.prices),
        ("overrides.options", overrides, "options", catalog.options),
        ("overrides.people", overrides, "people", {path.removeprefix("people.") for path in catalog.people.figures}),
        *((f"overrides.options.{shown(i)}.providers", o, "providers", providers) for i, o in _mapping(overrides.get("options")).items()),
        *((f"overrides.options.{shown(i)}.buys", o, "buys", catalog.components) for i, o in _mapping(overrides.get("options")).items()),
    ):
        names = holder.get(key) if isinstance(holder, dict) else None
        if not isinstance(names, list | dict):
            continue
        unknown = [name for name in names if isinstance(name, str) and name not in known]
        yield from (f'{place}: "{shown(name)}" is not known here.' for name in unknown)
        holder[key] = [n for n in names if n not in unknown] if isinstance(names, list) else {n: v for n, v in names.items() if n not in unknown}
        if not holder[key]:
            del holder[key]
    running_on = content.get("running_on")
    if isinstance(running_on, str) and running_on not in catalog.options:
        yield f'running_on: "{shown(running_on)}" is not known here, so nothing is taken to run already.'
        del content["running_on"]
    yield from _without_the_useless(_mapping(overrides.get("options")), catalog)
    for option_id, said in _mapping(overrides.get("options")).items():
        plan = _mapping(said).get("plan")
        if isinstance(plan, str) and plan not in catalog.options[option_id].plan_names:
            yield f'overrides.options.{option_id}.plan: "{shown(plan)}" is not known here, so the cheapest that allows what is used is taken.'
            del said["plan"]
    yield from _without_impossible_shares(_mapping(overrides.get("prices")), catalog)
    for i, group in enumerate(content["fleet"] if isinstance(content.get("fleet"), list) else ()):
        if unknown := [model for model in _mapping(_mapping(group).get("model_mix")) if model not in catalog.models]:
            yield f'fleet[{i}].model_mix: "{shown(unknown[0])}" is not known here, so the usual model is assumed.'
            del group["model_mix"]


def _without_the_useless(options: dict[str, Any], catalog: Catalog) -> Iterator[str]:
    """Take out what is said of options that cannot use it; a sentence for each. What is no field at all is found with the other fields."""
    for option_id, said in options.items():
        now = options[option_id] = renamed(_mapping(said)) if isinstance(said, dict) else said
        for name in list(useless_of(catalog.options[option_id], {name: now[name] for name in _mapping(now) if name in OptionOverrides.model_fields})):
            yield useless_in(option_id, name, catalog)
            del now[name]


def _without_impossible_shares(prices: dict[str, Any], catalog: Catalog) -> Iterator[str]:
    """Take out negotiated premiums and discounts that are no shares; what is no number at all is found with the other fields."""
    for price_id, price in list(prices.items()):
        try:
            amount = read(price)
        except ValueError:
            continue
        try:
            price_spec(catalog, price_id).check(amount)
        except ValueError as error:
            yield f"overrides.prices.{price_id}: {error}"
            del prices[price_id]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _at(content: Any, place: Sequence[Any]) -> Any:
    """What stands at a place; _NOTHING where nothing does."""
    for key in place:
        if not ((isinstance(content, dict) and key in content) or (isinstance(content, list) and isinstance(key, int) and key < len(content))):
            return _NOTHING
        content = content[key]
    return content


__all__ = ["Opened", "link_code", "open_link"]

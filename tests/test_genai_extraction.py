"""The OpenAI and Google price files are what genai-prices says, to the letter and to the cent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from genai_prices import Usage, calc_price

from decision.catalog.genai import main

PRICES = Path(__file__).parents[1] / "data" / "prices"


def models(vendor: str) -> dict[str, Any]:
    return dict(yaml.safe_load((PRICES / f"{vendor}.yaml").read_text(encoding="utf-8"))["models"])


def in_force(vendor: str, model_id: str, day: dt.date) -> dict[str, Any]:
    return next(row for row in reversed(models(vendor)[model_id]["rows"]) if row["effective_from"] <= day)


@pytest.mark.parametrize("vendor", ["openai", "google"])
def test_the_committed_file_is_what_the_package_says_today(vendor: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([vendor])
    made = capsys.readouterr().out
    assert made == (PRICES / f"{vendor}.yaml").read_text(encoding="utf-8"), (
        f"data/prices/{vendor}.yaml differs. Run: python -m decision.catalog.genai {vendor} > data/prices/{vendor}.yaml"
    )


@pytest.mark.parametrize("vendor", ["openai", "google"])
def test_ten_to_twenty_five_models(vendor: str) -> None:
    assert 10 <= len(models(vendor)) <= 25


EVERY_ROW = [
    (vendor, model_id, row, prompt)
    for vendor in ("openai", "google")
    for model_id, model in models(vendor).items()
    for row in model["rows"]
    for prompt in (100_000, 300_000)  # below and above every published step (200,000 and 272,000)
]


@pytest.mark.parametrize(("vendor", "model_id", "row", "prompt"), EVERY_ROW)
def test_a_request_costs_what_genai_prices_says(vendor: str, model_id: str, row: dict[str, Any], prompt: int) -> None:
    """40 % of the prompt read from cache, 10 % written to it (where the model has such prices), the rest uncached."""
    steps = [step for step in row.get("steps", ()) if prompt > step["over_prompt_tokens"]]
    price = steps[-1] if steps else row
    read = prompt * 4 // 10 if price["cache_read"] is not None else 0
    written = prompt // 10 if price["cache_write_5m"] is not None else 0
    usage = Usage(input_tokens=prompt, cache_read_tokens=read, cache_write_tokens=written, output_tokens=5_000)
    ours = (
        (prompt - read - written) * price["input"]
        + read * (price["cache_read"] or 0)
        + written * (price["cache_write_5m"] or 0)
        + 5_000 * price["output"]
    ) / 1_000_000
    moment = dt.datetime.combine(row["effective_from"], dt.time(12), dt.UTC)
    theirs = calc_price(usage, model_id, provider_id=vendor, genai_request_timestamp=moment)
    assert theirs.model.id == model_id
    assert ours == pytest.approx(float(theirs.total_price), rel=1e-12)

    if price.get("batch_input") is not None:
        plain = Usage(input_tokens=prompt, output_tokens=5_000)
        batch = calc_price(plain, model_id, provider_id=vendor, genai_request_timestamp=moment, price_context={"processing": "batch"})
        ours = (prompt * price["batch_input"] + 5_000 * price["batch_output"]) / 1_000_000
        assert ours == pytest.approx(float(batch.total_price), rel=1e-12)


def test_a_dated_change_is_a_row_of_its_own() -> None:
    argon = [(row["effective_from"], row["input"], row["output"]) for row in models("google")["gemini-4-argon"]["rows"]]
    assert argon == [(dt.date(2026, 11, 10), 2, 10), (dt.date(2026, 12, 1), 4, 20)]


def test_a_long_prompt_is_priced_whole_at_the_step() -> None:
    row = in_force("openai", "gpt-5.4", dt.date(2026, 11, 20))
    assert (row["input"], row["output"]) == (2.5, 15)
    assert [(s["over_prompt_tokens"], s["input"], s["output"]) for s in row["steps"]] == [(272_000, 5, 22.5)]


def test_batch_prices_start_on_the_day_they_were_verified() -> None:
    assert "batch_input" not in in_force("openai", "gpt-5.6-sol", dt.date(2026, 10, 13))
    assert in_force("openai", "gpt-5.6-sol", dt.date(2026, 10, 14))["batch_input"] == 2


def test_cache_writes_are_billed_as_input_before_gpt_5_6_and_at_a_price_of_their_own_since() -> None:
    for model_id, model in models("openai").items():
        for row in model["rows"]:
            if model_id >= "gpt-5.6" and model_id.startswith("gpt-"):
                assert row["cache_write_5m"] == pytest.approx(1.25 * row["input"])
                assert "class_sources" not in row
            elif row["cache_read"] is not None:
                assert row["cache_write_5m"] == row["input"]
                assert row["class_sources"] == {"cache_write_5m": "caching"}


def test_a_class_without_a_price_is_null_and_never_zero() -> None:
    pro = in_force("openai", "gpt-5.5-pro", dt.date(2026, 11, 20))
    assert [pro[name] for name in ("cache_read", "cache_write_5m", "cache_write_1h")] == [None, None, None]
    assert pro["steps"][0]["batch_input"] is None  # batch is published without the surcharge for long prompts
    assert all(row["cache_write_1h"] is None for model in models("google").values() for row in model["rows"])

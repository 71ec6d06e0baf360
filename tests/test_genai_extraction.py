"""The OpenAI and Google price files hold what genai-prices says, to the cent, and are only added to."""

from __future__ import annotations

import datetime as dt
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from genai_prices import Usage, calc_price

from decision import strict_yaml
from decision.catalog.genai import RELEASES, main, merged, price_file

PRICES = Path(__file__).parents[1] / "data" / "prices"


def models(vendor: str) -> dict[str, Any]:
    return dict(yaml.safe_load((PRICES / f"{vendor}.yaml").read_text(encoding="utf-8"))["models"])


def in_force(vendor: str, model_id: str, day: dt.date) -> dict[str, Any]:
    return next(row for row in reversed(models(vendor)[model_id]["rows"]) if row["effective_from"] <= day)


@pytest.mark.parametrize("vendor", ["openai", "google"])
def test_every_model_of_the_package_is_in_the_file_with_the_rows_of_the_package(vendor: str) -> None:
    """The file may hold more: older rows, and models that the package no longer calls current."""
    extracted = price_file(vendor, RELEASES[version("genai-prices")])["models"]
    for model_id, entry in extracted.items():
        for row in entry["rows"]:
            assert row.items() <= in_force(vendor, model_id, row["effective_from"]).items(), model_id


# -- the file is added to, never made anew ---------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for vendor in ("openai", "google"):
        shutil.copy(PRICES / f"{vendor}.yaml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("vendor", ["openai", "google"])
@pytest.mark.parametrize("released", ["2026-11-10", "2026-12-01", "2027-06-30"])
def test_a_release_that_says_the_same_changes_nothing(vendor: str, released: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a later day too: the file made anew would have lost the first day of 33 of the 37 models."""
    main([vendor, "--released", released, "--folder", str(folder), "--write"])
    assert "adds nothing" in capsys.readouterr().out
    assert (folder / f"{vendor}.yaml").read_text(encoding="utf-8") == (PRICES / f"{vendor}.yaml").read_text(encoding="utf-8")


def changed(vendor: str, **models: dict[str, Any] | None) -> dict[str, Any]:
    """What a later release would say: as today's, with other prices, or without a model."""
    said = price_file(vendor, dt.date(2026, 12, 15))
    said["sources"]["genai-prices"]["title"] = "genai-prices 9.9.9 (Pydantic)"
    for model_id, prices in models.items():
        if prices is None:
            del said["models"][model_id]
        else:
            said["models"][model_id]["rows"] = [row | prices for row in said["models"][model_id]["rows"]]
    return said


def test_a_changed_price_is_a_new_row_and_a_model_that_goes_stays() -> None:
    before = (PRICES / "openai.yaml").read_text(encoding="utf-8")
    said = changed("openai", **{"gpt-5": {"input": 1}, "gpt-4.1": None})
    found = merged(before, said, "9.9.9", "openai.yaml")
    assert found.added == ("gpt-5: a row from 2026-12-15",)
    after = strict_yaml.read("openai.yaml", found.text)
    old = strict_yaml.read("openai.yaml", before)
    assert after["models"]["gpt-5"]["rows"][:-1] == old["models"]["gpt-5"]["rows"]
    new = after["models"]["gpt-5"]["rows"][-1]
    assert (new["effective_from"], new["input"], new["source"]) == (dt.date(2026, 12, 15), 1, "genai-prices-9.9.9")
    assert after["sources"]["genai-prices-9.9.9"]["title"] == "genai-prices 9.9.9 (Pydantic)"
    assert {key: model for key, model in after["models"].items() if key != "gpt-5"} == {
        key: model for key, model in old["models"].items() if key != "gpt-5"
    }
    assert [line for line in before.splitlines() if line not in found.text.splitlines()] == []
    again = merged(found.text, said, "9.9.9", "openai.yaml")
    assert (again.text, again.added) == (found.text, ())


def test_a_new_model_joins_with_its_rows() -> None:
    before = (PRICES / "google.yaml").read_text(encoding="utf-8")
    said = price_file("google", dt.date(2026, 12, 15))
    said["models"]["gemini-9"] = said["models"]["gemini-2.5-pro"] | {"name": "Gemini 9"}
    found = merged(before, said, "0.2.3", "google.yaml")
    assert found.added == ("gemini-9: a new model",)
    assert found.text.startswith(before)
    model = strict_yaml.read("google.yaml", found.text)["models"]["gemini-9"]
    assert (model["name"], model["rows"][0]["steps"][0]["input"], model["rows"][0]["source"]) == ("Gemini 9", 2.5, "genai-prices")


def test_another_price_of_an_earlier_day_is_told_and_left_to_a_person() -> None:
    text = (PRICES / "google.yaml").read_text(encoding="utf-8")
    said = price_file("google", dt.date(2026, 11, 10))
    for row in said["models"]["gemini-4-argon"]["rows"]:
        row["input"] *= 3
    found = merged(text, said, "0.2.3", "google.yaml")
    assert (found.text, found.added) == (text, ())
    assert [line.partition(":")[0] for line in found.differs] == ["gemini-4-argon", "gemini-4-argon"]


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

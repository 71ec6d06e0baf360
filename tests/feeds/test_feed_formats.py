"""What each format of a feed says, and the shapes that are refused whole: a reader that finds nothing must not say that nothing changed."""

from __future__ import annotations

import datetime as dt
import json
import typing
from decimal import Decimal
from pathlib import Path

import pytest

from decision.catalog.watched import Format
from decision.feeds.answers import Reading, Refusal, Said, SchemaChanged
from decision.feeds.formats import READERS

ANSWERS = Path(__file__).parent / "answers"


def said(format_name: Format, text: str) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for each in READERS[format_name](text):
        found.setdefault(each.key, []).append(each)
    return found


def answer(feed: str) -> str:
    return (ANSWERS / f"{feed}.answer").read_text(encoding="utf-8")


def one(found: dict[str, list[Said]], key: str) -> Said:
    (only,) = found[key]
    return only


def test_every_format_has_a_reader() -> None:
    assert set(READERS) == set(typing.get_args(Format))


# -- each format ---------------------------------------------------------------------------------------------


def test_genai_prices_with_days_tiers_and_batch() -> None:
    text = """
id: openai
models:
  - {id: gpt-5.5, prices_checked: 2026-04-24, prices: {input_mtok: {base: 5, tiers: [{start: 272000, price: 10}]}, output_mtok: 30.10,
     web_searches_kcount: 10}, price_variants: [{when: {service_tier: flex}, prices: {input_mtok: 2.5}},
     {when: {processing: batch}, constraint: {start_date: 2026-10-14}, prices: {input_mtok: 2.5}}]}
  - id: o3
    prices:
      - {prices: {input_mtok: 10}}
      - {constraint: {start_date: 2025-06-10}, prices: {input_mtok: 2}}
  - {id: odd, prices: {input_mtok: -1, output_mtok: null, cache_read_mtok: "0.5"}}
"""
    found, checked = said("genai", text), dt.date(2026, 4, 24)
    assert one(found, "gpt-5.5/input") == Reading("gpt-5.5/input", Decimal(5), "1M tokens", read_on=checked)
    assert one(found, "gpt-5.5/input/over-272000") == Reading("gpt-5.5/input/over-272000", Decimal(10), "1M tokens", read_on=checked)
    assert one(found, "gpt-5.5/output") == Reading("gpt-5.5/output", Decimal("30.1"), "1M tokens", read_on=checked)
    assert one(found, "gpt-5.5/web_searches").unit == "1K searches"  # type: ignore[union-attr]
    batch = Reading("gpt-5.5/batch_input", Decimal("2.5"), "1M tokens", starts=dt.date(2026, 10, 14), read_on=checked)
    assert one(found, "gpt-5.5/batch_input") == batch
    assert "gpt-5.5/cache_write_5m" not in found  # billed as input over there, which is no price
    assert found["o3/input"] == [
        Reading("o3/input", Decimal(10), "1M tokens"), Reading("o3/input", Decimal(2), "1M tokens", starts=dt.date(2025, 6, 10)),
    ]  # fmt: skip
    assert [one(found, f"odd/{name}") for name in ("input", "output", "cache_read")] == [
        Refusal("odd/input", "-1 is not a price"), Refusal("odd/output", "null stands where a price should"),
        Refusal("odd/cache_read", '"0.5" stands where a number should'),
    ]  # fmt: skip


def test_litellm_by_the_token_with_the_provider_in_the_key() -> None:
    found = said("litellm", answer("litellm"))
    assert one(found, "anthropic:claude-opus-5-5/cache_write_1h") == Reading("anthropic:claude-opus-5-5/cache_write_1h", Decimal("0.000008"), "token")
    assert one(found, "openai:gpt-5.5/input/over-272000").price == Decimal("0.00001")  # type: ignore[union-attr]
    assert one(found, "openai:gpt-5.5/batch_output").price == Decimal("0.000015")  # type: ignore[union-attr]
    assert one(found, "vertex_ai-language-models:gemini-2.5-pro/cache_write_5m/over-200000").price == Decimal("2.5e-7")  # type: ignore[union-attr]
    assert not [key for key in found if "sample_spec" in key]


def test_claude_pricing_with_asides_and_footnotes_and_without_fast_mode() -> None:
    found = said("claude-pricing", answer("claude-pricing"))
    assert one(found, "Claude Opus 5.5/cache_read") == Reading("Claude Opus 5.5/cache_read", Decimal("0.2"), "1M tokens")
    assert "$0.2 / MTok1 |" in answer("claude-pricing")
    assert one(found, "Claude Mythos 5.2/cache_read") == Reading("Claude Mythos 5.2/cache_read", Decimal("0.2"), "1M tokens")
    assert one(found, "Claude Opus 5.5/input").price == 4  # type: ignore[union-attr]  # 8 in fast mode
    assert one(found, "Claude Opus 5.5/batch_input").price == 2  # type: ignore[union-attr]
    head = "| MODEL | Base input tokens | 5m cache writes | 1h cache writes | Cache hits and refreshes | Output tokens |\n|---|---|---|---|---|---|\n"
    row = "| [Claude Haiku 3.5](/models) (retired, 2026) | $0.80 / MTok | $1 / MTok | $1.60 / MTok | free | $4 / MTok |\n"
    other = said("claude-pricing", head + row)
    assert one(other, "Claude Haiku 3.5/input").price == Decimal("0.80")  # type: ignore[union-attr]
    assert one(other, "Claude Haiku 3.5/cache_read") == Refusal("Claude Haiku 3.5/cache_read", '"free" stands where a price should')


def test_ecb_on_the_day_of_the_rate() -> None:
    assert one(said("ecb", answer("ecb")), "USD") == Reading("USD", Decimal("1.1380"), "USD per EUR", read_on=dt.date(2026, 7, 29))


def test_linode_by_the_month_and_not_by_the_region() -> None:
    found = said("linode", answer("linode"))
    assert one(found, "g6-nanode-1") == Reading("g6-nanode-1", Decimal(5), "month")
    assert one(found, "g7-premium-64") == Refusal("g7-premium-64", "null stands where a price should")


def test_ovh_net_and_by_the_exact_plan() -> None:
    found = said("ovh", answer("ovh"))
    assert one(found, "d2-4.consumption") == Reading("d2-4.consumption", Decimal(2060000), "10^-8 per hour", "EUR")
    assert one(found, "d2-4.monthly.postpaid") == Reading("d2-4.monthly.postpaid", Decimal(1144000000), "10^-8 per month", "EUR")
    assert one(found, "b3-8.consumption.LZ.AF").price == 9300000  # type: ignore[union-attr]


def test_karpenter_on_the_day_it_was_generated() -> None:
    found = said("karpenter", answer("karpenter"))
    assert one(found, "p4d.24xlarge") == Reading("p4d.24xlarge", Decimal("21.957642"), "hour", read_on=dt.date(2026, 7, 20))
    assert one(found, "c5.9xlarge").price == Decimal("1.53")  # type: ignore[union-attr]


def test_price_list_by_usage_type_without_the_region() -> None:
    found = said("aws-price-list", answer("aws-agentcore"))
    assert one(found, "Runtime:Consumption-based:vCPU") == Reading("Runtime:Consumption-based:vCPU", Decimal("0.0895000000"), "vCPU-Hours")
    lightsail = said("aws-price-list", answer("aws-lightsail"))
    assert set(lightsail) == {"BundleUsage:0.5GB", "BundleUsage:0.5GB_win", "BundleUsage:0.5GB_IPv6"}


def test_skypilot_by_name_of_column_whatever_their_order() -> None:
    found = said("skypilot", answer("skypilot-lambda"))
    assert one(found, "gpu_8x_h100_sxm5") == Reading("gpu_8x_h100_sxm5", Decimal("31.92"), "hour")  # the same in two regions
    runpod = (
        "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Region,SpotPrice,Price,AvailabilityZone,GpuInfo\n"
        "1x_A100-80GB_SECURE,A100-80GB,1.0,8.0,117.0,IN,1.19,1.39,AP-IN-1,\n"
        "1x_A100-80GB_SECURE,A100-80GB,1.0,8.0,117.0,US,1.19,1.49,US-1,\n"
    )
    assert [it.price for it in said("skypilot", runpod)["1x_A100-80GB_SECURE"]] == [Decimal("1.39"), Decimal("1.49")]  # type: ignore[union-attr]


def test_temporal_by_the_label_of_a_step() -> None:
    found = said("temporal", answer("temporal"))
    assert one(found, "Next 5M, up to 10M") == Reading("Next 5M, up to 10M", Decimal(45), "1M actions")
    assert one(found, "Active") == Reading("Active", Decimal("0.042"), "GBh")
    assert one(found, "Business") == Reading("Business", Decimal(500), "month")
    assert "Over 200M" not in found  # for the sales department to say


def test_cloudflare_by_the_second() -> None:
    found = said("cloudflare", answer("cloudflare-containers"))
    assert one(found, "GiB") == Reading("GiB", Decimal("0.0000025"), "GiB-second")
    assert one(found, "Workers Paid") == Reading("Workers Paid", Decimal(5), "month")


# -- another shape -------------------------------------------------------------------------------------------

PRODUCT = {"a": {"attributes": {"usagetype": "USE1-X"}}}


def dimensions(*begins: str, currencies: dict[str, str] | None = None) -> str:
    parts = {str(i): {"beginRange": begin, "unit": "Hrs", "pricePerUnit": currencies or {"USD": "1"}} for i, begin in enumerate(begins)}
    return json.dumps({"products": PRODUCT, "terms": {"OnDemand": {"a": {"t": {"priceDimensions": parts}}}}})


@pytest.mark.parametrize(
    ("format_name", "text", "says"),
    [
        ("linode", "<html>", "the answer is not JSON"),
        ("linode", '{"data": {"a": 1}, "pages": 1}', '"data" is a dict, not a list'),
        ("linode", '{"data": [], "pages": 2}', '"pages" is not 1'),
        ("linode", '{"types": [], "pages": 1}', '"data" is missing'),
        ("linode", "[" * 100_000, "the answer is not JSON"),
        ("ovh", '{"addons": []}', '"locale.currencyCode" is missing'),
        ("ecb", "<Envelope><Cube></Envelope>", "the answer is not XML"),
        ("ecb", "<Envelope><Cube/></Envelope>", 'no element has a "time"'),
        ("ecb", "<Envelope><Cube time='soon'><Cube currency='USD' rate='1'/></Cube></Envelope>", "'soon' is not a day"),
        ("ecb", "<!DOCTYPE x [<!ENTITY a 'b'>]><Envelope/>", "the XML declares entities"),
        ("karpenter", '"t4g.medium": 0.0336', 'the line "generated at ... for us-east-1" is missing'),
        ("genai", "models:\n  a: {}", '"models" is a dict, not a list'),
        ("genai", "models: [{id: a}]", '"prices" is missing'),
        ("genai", "models: [{id: a, prices: [{constraint: {start_time: '08:30'}, prices: {input_mtok: 1}}]}]", "another condition than a first day"),
        ("genai", "models: [{id: a, prices: {input_mtok: 1}, price_variants: true}]", '"price_variants" is a bool, not a list'),
        ("genai", "{a: *b}", "the answer is not plain YAML"),
        ("litellm", "[]", "the answer is a list, not models by name"),
        ("claude-pricing", "# Pricing\n\nNo table today.", "no table of base prices or batch prices is found"),
        ("claude-pricing", "| Model | Batch input | Batch output |\n|---|---|---|\n| A | $1 / MTok |\n", "has another number of cells than its head"),
        ("aws-price-list", '{"products": {}}', '"terms.OnDemand" is missing'),
        ("aws-price-list", dimensions("0", "0"), "USE1-X has 2 prices for the first unit"),
        ("aws-price-list", dimensions("0", currencies={"USD": "1", "CNY": "7"}), "USE1-X is priced in 2 currencies"),
        ("temporal", "# Pricing", "the tables of actions and storage or the sentence on the Business plan are not found"),
        ("cloudflare", "# Pricing", "the rates by the second or the price of the Workers Paid plan are not found"),
        ("skypilot", "InstanceType,Cost\na,1\n", 'the column "Price" is missing'),
    ],
)  # fmt: skip
def test_another_shape_is_refused_whole_and_says_where(format_name: Format, text: str, says: str) -> None:
    with pytest.raises(SchemaChanged) as refused:
        said(format_name, text)
    assert says in str(refused.value)


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity", "", "free", "1,5", "0x1F"])
def test_what_is_no_price_is_refused_and_never_zero(price: str) -> None:
    (only,) = said("aws-price-list", dimensions("0", currencies={"USD": price}))["X"]
    assert isinstance(only, Refusal)

"""data/feeds.yaml: which key of a feed is which price, checked against the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from decision.catalog import DATA, Catalog
from decision.catalog.history import last_read
from decision.catalog.watched import Feed, feed_problems, feeds_of, links
from decision.errors import BadInput
from decision.loading import checked, load
from tests.feeds.kept_answers import DAY


def test_the_mapping_fits_the_catalog(catalog: Catalog) -> None:
    feeds = feeds_of(DATA)
    for feed_id, each in feeds.items():
        assert list(feed_problems(feed_id, each, catalog)) == []
        assert each.url.startswith("https://")
    watched = {link.price_id for each in feeds.values() if each.role != "opinion" for link in links(each, catalog)}
    assert len([price_id for price_id in watched if last_read(catalog, price_id, DAY)]) >= 430


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"prices": {"linode.2gbb": {"key": "a", "unit": "month"}}}, 'prices.linode.2gbb: "linode.2gbb" is not a known price. Did you mean'),
        ({"models": {"gpt-55": {"key": "a"}}, "unit": "token"}, 'models.gpt-55: "gpt-55" is not a known model.'),
        ({"prices": {"linode.2gb": {"key": "a"}}}, "prices.linode.2gb: the unit of the feed is missing."),
        ({"prices": {"linode.2gb": {"key": "a", "unit": "fortnight"}}}, '"fortnight" cannot be told in Months.'),
        ({"prices": {"ovh.d2-4": {"key": "a", "unit": "month"}}}, "prices.ovh.d2-4: the feed is in USD, the price in EUR."),
        ({"prices": {"linode.2gb": {"key": "a"}, "linode.4gb": {"key": "a"}}, "unit": "month"}, 'the key "a" is linode.2gb already.'),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_is_told(catalog: Catalog, said: Mapping[str, Any], problem: str) -> None:
    base = {"title": "A", "url": "https://a.example", "format": "linode", "role": "vendor", "kind": "official"}
    (only,) = feed_problems("feeds.a", Feed.model_validate(base | dict(said)), catalog)
    assert problem in only


def test_check_data_reads_the_mapping(folder: Path) -> None:
    changed_in = folder / "feeds.yaml"
    changed_in.write_text(changed_in.read_text(encoding="utf-8").replace("linode.2gb:", "linode.2bg:"), encoding="utf-8")
    with pytest.raises(BadInput, match=r'"linode.2bg" is not a known price'):
        checked(folder)
    load(folder)  # nobody who only asks for a price needs it

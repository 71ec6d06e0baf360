"""One reader for each format of a feed: from the text of an answer to readings. A reader knows a format and nothing of our prices.

A new format is a module here with `read`, its name in `decision.catalog.watched.Format`, and a line below.
"""

from __future__ import annotations

from collections.abc import Mapping

from decision.catalog.watched import Format
from decision.feeds.answers import Reader
from decision.feeds.formats import claude_pricing, cloudflare, ecb, genai, karpenter, linode, litellm, ovh, price_list, skypilot, temporal

READERS: Mapping[Format, Reader] = {
    "genai": genai.read, "litellm": litellm.read, "claude-pricing": claude_pricing.read, "ecb": ecb.read, "linode": linode.read, "ovh": ovh.read,
    "karpenter": karpenter.read, "aws-price-list": price_list.read, "skypilot": skypilot.read, "temporal": temporal.read,
    "cloudflare": cloudflare.read,
}  # fmt: skip

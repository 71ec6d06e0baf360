"""Prices read again by machine, from public feeds that need no login. `python -m decision prices refresh` runs it; no page and no test calls a feed.

    fetch -> normalise -> match -> judge -> propose -> write
    bytes    readings     by id    finding  rows       YAML and ledger

fetch.py is the network and writing.py the disk; what lies between is pure. formats/ holds one reader for each format of a feed.
"""

from decision.feeds.judging import Finding
from decision.feeds.refresh import FeedRun, Run, Wishes, refresh

__all__ = ["FeedRun", "Finding", "Run", "Wishes", "refresh"]

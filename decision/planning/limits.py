"""How large a board may be, and what a text on it may hold. Each limit is far above what a meeting needs, and each has its sentence."""

from __future__ import annotations

import unicodedata

from decision.errors import BadInput

MOST_BOARDS = 20_000  # on one server
MOST_PEOPLE = 60  # on one board, with those who have only looked in under a name
MOST_SUBJECTS = 30  # inputs and questions of one board
MOST_ROUNDS = 20  # of one input
MOST_EVENTS = 20_000  # of one board: 60 people who estimate 30 inputs in 10 rounds make 18,000
LARGEST_FILE = 10_000_000  # bytes of a board that is imported
LONGEST_TITLE, LONGEST_NAME, LONGEST_REASON = 100, 60, 500  # characters
LONGEST_TIMER = 3600  # seconds
GRACE_DAYS = 7  # after which a deleted board is gone

_REFUSED = ("Cc", "Cs", "Zl", "Zp", "Co", "Cn")  # control characters, halves of characters, line breaks, what has no meaning
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff\u200b")  # so that a name cannot pose as another


def checked_text(text: str, what: str, most: int, blank: bool = False) -> str:
    """A text in one line, as it is kept: runs of blanks and line breaks become one blank. Raises BadInput with a sentence that starts with `what`."""
    line = " ".join(text.split())
    if not line and not blank:
        raise BadInput(f"{what} is empty. Write a few words.")
    if len(line) > most:
        raise BadInput(f"{what} has {len(line):,} characters; at most {most:,} are kept. Shorten it.")
    if any(unicodedata.category(letter) in _REFUSED or letter in _TURNS_TEXT for letter in line):
        raise BadInput(f"{what} holds characters that cannot be seen. Write plain words.")
    return line

"""Plain words as Streamlit Markdown. What the words are, is said in decision/words.py.

`escaped` before anything a person typed goes into a Streamlit label or Markdown; `html.escape` before st.html.
"""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|$:<>~.&-])")


def escaped(text: str) -> str:
    """Plain words as Streamlit Markdown: no character of them means anything."""
    return _MARKDOWN.sub(r"\\\1", text).replace("\n", " ")

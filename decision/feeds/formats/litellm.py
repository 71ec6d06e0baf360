"""LiteLLM's price map: US dollars for one token, without days. A second opinion: its wrong cache prices are a class of bugs of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from decision.feeds.answers import Said, SchemaChanged, json_of, reading

_FIELD = re.compile(
    r"(?P<what>input_cost_per_token|output_cost_per_token|cache_read_input_token_cost|cache_creation_input_token_cost)"
    r"(?P<hour>_above_1hr)?(?:_above_(?P<over>\d+)k_tokens)?(?P<batch>_batches)?"
)
_CLASSES = {
    "input_cost_per_token": "input", "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read", "cache_creation_input_token_cost": "cache_write_5m",
}  # fmt: skip
_HOUR = {"cache_creation_input_token_cost": "cache_write_1h"}
_BATCH = {"input_cost_per_token": "batch_input", "output_cost_per_token": "batch_output"}
_NO_MODEL = "sample_spec"


def read(text: str) -> Iterator[Said]:
    """Readings `<provider>:<key>/<class>`: a bare key may belong to a reseller, so the provider is a part of ours."""
    answer = json_of(text)
    if not isinstance(answer, Mapping):
        raise SchemaChanged("the answer is a list, not models by name")
    for name, model in answer.items():
        if name != _NO_MODEL and isinstance(model, Mapping):
            for field, value in model.items():
                if token_class := _class_of(field):
                    yield reading(f"{model.get('litellm_provider')}:{name}/{token_class}", value, "token")


def _class_of(field: str) -> str:
    """batch_input/over-272000 and the like; "" for a field that is no price we keep."""
    found = _FIELD.fullmatch(field)
    if found is None:
        return ""
    name = (_HOUR if found["hour"] else _BATCH if found["batch"] else _CLASSES).get(found["what"], "")
    return f"{name}/over-{int(found['over']) * 1000}" if name and found["over"] else name

"""An answer that comes in pieces: server-sent events as OpenAI sends them for `stream: true`, one JSON object each."""

import json
from collections.abc import Callable, Iterator
from typing import Any

type OnText = Callable[[str], None]
"""Is told the text so far. A call that is made again begins anew."""

_DATA, _END = b"data:", b"[DONE]"


class TextSoFar:
    """Hears the bytes of one answer, and tells its text whenever that has grown. What is no event is left alone: a
    server that knows no streams answers at once."""

    def __init__(self, on_text: OnText) -> None:
        self._on_text = on_text
        self._rest = b""
        self._text = ""

    def __call__(self, piece: bytes) -> None:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        grown = "".join(_text_of(event) for event in _events(lines))
        if grown:
            self._text += grown
            self._on_text(self._text)


def whole(body: bytes) -> dict[str, Any] | None:
    """The chat completion that the events of an answer add up to; None where it has none. Raises ValueError for what
    broke off."""
    if not body.lstrip().startswith(_DATA):
        return None
    lines = body.split(b"\n")
    text, refusal, finish, metadata = "", "", None, dict[str, Any]()
    for event in _events(lines):
        text += _text_of(event)
        choice = _choice(event)
        refusal += str((choice.get("delta") or {}).get("refusal") or "")
        finish = choice.get("finish_reason") or finish
        metadata |= {name: event[name] for name in ("model", "usage") if event.get(name)}
    if finish is None:
        raise ValueError("the answer broke off")
    message = {"content": text, "refusal": refusal or None}
    return metadata | {"choices": [{"message": message, "finish_reason": finish}]}


def _events(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    """Raises ValueError for what is no JSON."""
    for line in lines:
        content = line.removeprefix(_DATA).strip()
        if line.startswith(_DATA) and content != _END:
            event = json.loads(content)
            if isinstance(event, dict):
                yield event


def _choice(event: dict[str, Any]) -> dict[str, Any]:
    choices = event.get("choices") or [{}]
    return choices[0] if isinstance(choices[0], dict) else {}


def _text_of(event: dict[str, Any]) -> str:
    return str((_choice(event).get("delta") or {}).get("content") or "")

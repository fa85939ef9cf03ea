"""Takes secrets and personal data out of what is logged. Standard library only."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

HIDDEN = "[redacted]"
# Any word of a name counts, in snake, kebab or camel case: `refreshToken`, `X-API-Key`, `new_password`.
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_SECRET_NAMES = re.compile(
    r"(?:^|_)(?:pass(?:word|wd|phrase)?|secret|token|authorization|cookie|(?:api|write|private)_?key|credential|"
    r"signature|e?_?mail(?!_id)|phone|(?:first|last|full)_?name|address|ip|otp|code_verifier)s?(?:_|$)"
)
_PATTERNS = (
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"),  # JWT
    re.compile(r"\bgp_live_\w+(?:-\w*)*"),  # our API keys
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]+"),
    re.compile(r"[\w.+%'-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+"),  # e-mail
    re.compile(r"(?<![\w.:-])\+\d[\d ().-]{7,18}\d"),  # phone, international spelling
)
# What every match of the patterns has in it: one look spares most texts the five.
_SUSPECT = re.compile(r"[@+]|%40|eyJ|gp_live_|(?i:bearer|basic)\s")


def redact(value: Any) -> Any:
    """The same shape with hidden values: whatever stands under a secret's name, and what looks like one anywhere."""
    match value:
        case str():
            return redact_text(value)
        case int() | float() | None:
            return value
        case Mapping():
            return {str(key): HIDDEN if _hides(str(key), member) else redact(member) for key, member in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redact(element) for element in value]
        case _:
            return value


def redact_text(text: str) -> str:
    if _SUSPECT.search(text) is None:
        return text
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return text


def _hides(name: str, value: Any) -> bool:
    if value in (None, "") or isinstance(value, (bool, int)):
        return False
    return _is_of_a_secret(name)


@lru_cache(maxsize=512)
def _is_of_a_secret(name: str) -> bool:
    return _SECRET_NAMES.search(_WORDS.sub("_", name).lower()) is not None

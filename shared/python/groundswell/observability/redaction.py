"""Takes secrets and personal data out of what is logged. Standard library only."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[redacted]"
_SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)?|secret|token|authorization|cookie|api_?key|write_?key|credential|signature|e?-?mail|phone|"
    r"first_?name|last_?name|full_?name|address|ip|otp|code_verifier",
    re.IGNORECASE,
)
_PATTERNS = (
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"),  # JWT
    re.compile(r"\bgp_live_\w+(?:-\w*)*"),  # our API keys
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]+"),
    re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),  # e-mail
    re.compile(r"(?<![\w.:-])\+\d[\d ().-]{7,18}\d"),  # phone, international spelling
)


def redact(value: Any) -> Any:
    """The same shape with hidden values: whatever stands under a secret's name, and what looks like one anywhere."""
    match value:
        case str():
            return redact_text(value)
        case Mapping():
            return {str(key): HIDDEN if _hides(str(key), each) else redact(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redact(each) for each in value]
        case _:
            return value


def redact_text(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return text


def _hides(name: str, value: Any) -> bool:
    return value not in (None, "") and not isinstance(value, (bool, int)) and bool(_SECRET_NAMES.fullmatch(name))

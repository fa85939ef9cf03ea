"""Which of the languages on offer a visitor gets (RFC 4647 section 3.4: lookup)."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

DEFAULT = "en"
_LONGEST = 1000
_MOST = 30


@lru_cache(maxsize=256)
def preferred(accept_language: str) -> tuple[str, ...]:
    """The language tags of an `Accept-Language` header (RFC 9110 section 12.5.4), the dearest first, in lower case.

    What is refused (`q=0`) or cannot be read is left out.
    """
    ranges = [_weighed(part) for part in accept_language[:_LONGEST].split(",")[:_MOST]]
    liked = [(weight, tag) for weight, tag in ranges if tag and weight > 0]
    return tuple(tag for _, tag in sorted(liked, key=lambda pair: -pair[0]))


def choose(wanted: Iterable[str], offered: Sequence[str]) -> str:
    """The first of `wanted` that is offered, each shortened subtag by subtag (`de-CH-1996`, `de-CH`, `de`); else
    English if that is offered, else the first on offer. In the spelling of the offer."""
    by_name = {tag.lower(): tag for tag in offered}
    for tag in (*wanted, DEFAULT):
        for shorter in _shortened(tag.lower()):
            if shorter in by_name:
                return by_name[shorter]
    return offered[0]


def _weighed(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    try:
        return float(weight.strip().removeprefix("q=") or 1), tag.strip().lower()
    except ValueError:
        return 0.0, ""


def _shortened(tag: str) -> Iterator[str]:
    """A single letter, which only introduces what follows it, goes with it."""
    parts = tag.split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        while parts and len(parts[-1]) == 1:
            parts.pop()

"""Query parameters that an operation does not take are refused: a filter with a misspelt name would answer everything.

Standard library only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from groundswell.kernel.errors import FieldProblem, Invalid

_OTHER_WORDS = {
    **dict.fromkeys(("start", "since", "begin", "start_date", "date_from"), "from"),
    **dict.fromkeys(("end", "until", "end_date", "date_to"), "to"),
    **dict.fromkeys(("page_size", "per_page", "size", "count", "max"), "limit"),
    **dict.fromkeys(("page", "offset", "next", "next_cursor"), "cursor"),
    **dict.fromkeys(("search", "query", "text"), "q"),
    **dict.fromkeys(("order", "order_by", "ordering", "sort_by"), "sort"),
    **dict.fromkeys(("event", "event_name"), "name"),
    "tz": "timezone",
    **dict.fromkeys(("interval", "bucket", "period"), "granularity"),
}
"""What other APIs call a parameter of ours that is spelt otherwise."""
_ALIKE = 0.5
_LONGEST, _NAMED = 64, 20
"""Of an unknown name, and how many of them are answered for: a query may have thousands."""


def need_known(received: Iterable[str], takes: Mapping[str, bool]) -> None:
    """`received` are the names as they came, `takes` says which may be repeated. Raises Invalid, naming every name that
    is not taken with the nearest that is, and every one that came twice and may not."""
    counts = Counter(iter(received))  # a mapping's values are no counts
    strangers = islice((name for name in counts if name not in takes), _NAMED)
    unknown = [FieldProblem(name[:_LONGEST], "unknown", _unknown(name[:_LONGEST], takes)) for name in strangers]
    repeated = [
        FieldProblem(name, "repeated", "give it once: it takes one value")
        for name, count in counts.items()
        if count > 1 and takes.get(name) is False
    ]
    if unknown or repeated:
        raise Invalid(problems=(*unknown, *repeated))


def _unknown(name: str, takes: Mapping[str, bool]) -> str:
    near = nearest(name, takes)
    if near:
        return f"no such parameter: did you mean {near}?"
    return f"no such parameter: this takes {', '.join(sorted(takes))}" if takes else "this takes no parameters"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant; None where nothing is like it."""
    from difflib import get_close_matches  # few requests are wrong

    known = {name.lower(): name for name in names}
    word = name.lower().replace("-", "_")
    other = _OTHER_WORDS.get(word, "")
    close = [other] if other in known else get_close_matches(word, known, n=1, cutoff=_ALIKE)
    return known[close[0]] if close else None

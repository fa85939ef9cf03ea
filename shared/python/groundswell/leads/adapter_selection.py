"""Which rows of the lists answer a filter, and which counters know how many there are."""

from groundswell.kernel.clock import rfc3339
from groundswell.leads.items import STATUS_COUNTER, score_key
from groundswell.leads.lookup import folded
from groundswell.leads.model import Filter, Order
from groundswell.storage.listing import Selection

_VIEWS_AT_MOST = 2
"""Queries for one page."""
_COUNTED = frozenset({"status", "owner", "source", "list", "segment"})


def selection(wanted: Filter, order: Order) -> Selection:
    """The view that holds the fewest other leads; what it does not say is filtered while reading."""
    facts = _facts(wanted)
    views, served = _views(facts)
    created = tuple(rfc3339(moment) if moment else None for moment in (wanted.created_from, wanted.created_to))
    ranges: dict[str, tuple[str | None, str | None]] = {}
    if any(created):
        ranges["created_at"] = (created[0], created[1])
    if wanted.min_score is not None:
        ranges["score"] = (score_key(wanted.min_score), None)
    return Selection(
        views=views,
        order=order.by,
        newest_first=order.descending,
        facts={name: values for name, values in facts.items() if name != served},
        texts={"q": f" {folded(wanted.text)}"} if wanted.text else {},
        ranges=ranges,
    )


def counted_in(wanted: Filter) -> tuple[str, str | None] | None:
    """(counter, field; None for all of its fields) that knows how many there are; None where nothing counts that."""
    facts = _facts(wanted)
    if wanted.text or wanted.created_from or wanted.created_to or wanted.min_score is not None:
        return None
    if not facts:
        return STATUS_COUNTER, None
    [(name, values), *others] = facts.items()
    if others or len(values) > 1 or name not in _COUNTED:
        return None
    return (STATUS_COUNTER, values[0]) if name == "status" else (f"{name}={values[0]}", "n")


def _facts(wanted: Filter) -> dict[str, tuple[str, ...]]:
    """The rarest first."""
    named = {
        "domain": wanted.domains,
        "list": wanted.lists,
        "segment": wanted.segments,
        "owner": wanted.owners,
        "tag": wanted.tags,
        "source": wanted.sources,
        "status": wanted.statuses,
    }
    return {name: tuple(dict.fromkeys(values)) for name, values in named.items() if values}


def _views(facts: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], str | None]:
    """(views, the fact that they say)."""
    for name, values in facts.items():
        if len(values) <= _VIEWS_AT_MOST:
            return tuple(f"{name}={value}" for value in values), name
    return ("all",), None

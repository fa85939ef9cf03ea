"""Which rows of the lists answer a filter, and which counters know how many there are."""

from groundswell.kernel.clock import rfc3339
from groundswell.storage.listing import Selection
from groundswell.tasks.items import CLIENT, assignee_counter, assignee_view
from groundswell.tasks.model import OPEN, Filter, Order, Status

_VIEWS_AT_MOST = 2
"""Queries for one page: with what reads the tasks themselves, three calls."""
type Wanted = dict[str, tuple[str, ...]]


def selection(wanted: Filter, order: Order) -> Selection:
    """The views that hold the fewest other things; what they do not say is filtered while reading."""
    facts = _facts(wanted)
    views, served = _views(wanted, facts)
    due = tuple(rfc3339(moment) if moment else None for moment in (wanted.due_from, wanted.due_to))
    return Selection(
        views=views,
        order=order.by,
        newest_first=order.descending,
        facts={name: values for name, values in facts.items() if name not in served},
        texts={"name": wanted.text.lower()} if wanted.text else {},
        ranges={"due_date": (due[0], due[1])} if any(due) else {},
    )


def counted_in(wanted: Filter) -> list[tuple[str, str]] | None:
    """(counter, field) whose sum is how many there are; None where nothing counts that."""
    facts = _facts(wanted)
    if wanted.text or wanted.due_from or wanted.due_to or "related" in facts:
        return None
    if not facts:
        return [(CLIENT, "total")]
    if facts.keys() <= {"assignee", "status"} and len(wanted.assignees) == 1:
        statuses = wanted.statuses or tuple(Status)
        return [(assignee_counter(wanted.assignees[0]), f"status={status}") for status in statuses]
    if len(facts) == 1 and "assignee" not in facts:
        [(name, values)] = facts.items()
        return [(CLIENT, f"{name}={value}") for value in values]
    return None


def _facts(wanted: Filter) -> Wanted:
    named: Wanted = {
        "related": wanted.related_object_ids,
        "assignee": wanted.assignees,
        "status": tuple(status.value for status in wanted.statuses),
        "priority": tuple(priority.value for priority in wanted.priorities),
        "task_type": tuple(kind.value for kind in wanted.task_types),
    }
    return {name: tuple(dict.fromkeys(values)) for name, values in named.items() if values}


def _views(wanted: Filter, facts: Wanted) -> tuple[tuple[str, ...], frozenset[str]]:
    """(views, the facts that they say)."""
    for name, values in facts.items():
        if name == "assignee":
            views, served = _of_assignees(wanted)
        else:
            views, served = tuple(f"{name}={value}" for value in values), frozenset({name})
        if len(views) <= _VIEWS_AT_MOST:
            return views, served
    return ("all",), frozenset()


def _of_assignees(wanted: Filter) -> tuple[tuple[str, ...], frozenset[str]]:
    statuses = frozenset(wanted.statuses or Status)
    halves = [is_open for is_open, half in ((True, OPEN), (False, frozenset(Status) - OPEN)) if statuses & half]
    views = tuple(
        assignee_view(assignee, is_open=half) for assignee in dict.fromkeys(wanted.assignees) for half in halves
    )
    whole = statuses in (frozenset(Status), OPEN, frozenset(Status) - OPEN)
    return views, frozenset({"assignee", "status"} if whole else {"assignee"})

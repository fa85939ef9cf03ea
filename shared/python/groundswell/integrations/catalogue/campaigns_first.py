"""Reports that must name their campaigns: these are listed first, and then asked for some at a time.

The cursor holds the campaigns that are still to be asked for, and where their list goes on.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from groundswell.integrations.platform import Ask, At, Call, Next, Pick
from groundswell.integrations.problems import extract

type Report = Callable[[At, Sequence[str]], Call]
type Read = Callable[[Any, At, Mapping[str, str]], Sequence[Any]]
"""The records of a report; the campaigns' names are by id."""


def ask(listing: Ask, report: Report, size: int) -> Ask:
    def call(at: At) -> Call:
        left = _left(at)
        if left["campaigns"]:
            return report(at, [campaign[0] for campaign in left["campaigns"][:size]])
        return listing(replace(at, cursor=left["more"]))

    return call


def items(read: Read, size: int) -> Pick:
    """None of an answer that lists campaigns."""

    def records(content: Any, at: At) -> Sequence[Any]:
        campaigns = _left(at)["campaigns"][:size]
        return read(content, at, dict(campaigns)) if campaigns else ()

    return records


def following(campaigns: str, more: str, size: int) -> Next:
    """`campaigns` finds pairs of id and name."""

    def cursor(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        left = _left(at)
        if left["campaigns"]:
            return _cursor(left["campaigns"][size:], left["more"])
        return _cursor(extract(campaigns, content) or [], extract(more, content) or None)

    return cursor


def _left(at: At) -> dict[str, Any]:
    if at.cursor is None:
        return {"campaigns": [], "more": None}
    left: dict[str, Any] = json.loads(at.cursor)
    return left


def _cursor(campaigns: Sequence[Any], more: str | None) -> str | None:
    if not campaigns and not more:
        return None
    return json.dumps({"campaigns": list(campaigns), "more": more}, separators=(",", ":"))

"""What happened with a lead, on every channel, newest first: what people noted, what the person did, and whatever else
a feature tells (`adapter_activity.timeline_entry`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.page import Page, Position

INTERACTION = "interaction"
PRODUCT = "product"
_DONE = "done."


class InteractionType(StrEnum):
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    NOTE = "note"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Interaction:
    """`due_at` is a follow-up's: a task is opened then, and `task_id` is that one."""

    id: str
    lead_id: str
    type: InteractionType
    at: datetime
    created_by: str
    created_at: datetime
    body: str | None = None
    due_at: datetime | None = None
    task_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """`id` makes a repeat the same entry, with `at`. `channel` is the feature's word (`email`, `chat`, `booking`),
    `event` what happened (`opened`), `text` says it in one line; `object_type`, `object_id` name what it is about."""

    id: str
    at: datetime
    channel: str
    event: str
    text: str | None = None
    by: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def as_entry(interaction: Interaction) -> Entry:
    return Entry(
        interaction.id,
        interaction.at,
        INTERACTION,
        interaction.type.value,
        interaction.body,
        interaction.created_by,
        "interaction",
        interaction.id,
    )


def weave(noted: Page[Entry], done: Page[Entry], position: Position | None, limit: int) -> Page[Entry]:
    """The newest of both; short where the page of what was done ends and another one follows. `position` says behind
    which entry of what was noted, from which page of what was done, and how many of that page were shown (`skip`)."""
    skip = int((position or {}).get("skip", 0))
    of_noted, of_done, shown = list(noted.items), list(done.items[skip:]), list[Entry]()
    while len(shown) < limit and (of_done or (of_noted and not done.next)):
        takes_done = bool(of_done) and (not of_noted or of_done[0].at > of_noted[0].at)
        shown.append((of_done if takes_done else of_noted).pop(0))
    if not (of_noted or of_done or noted.next or done.next):
        return Page(tuple(shown))
    following: dict[str, str | int] = {**(position or {}), "skip": len(done.items) - len(of_done)}
    if last := next((entry for entry in reversed(shown) if entry in noted.items), None):
        following["noted"] = place(last)
    if not of_done and done.next:
        following = {name: value for name, value in following.items() if not name.startswith(_DONE)} | {"skip": 0}
        following |= {_DONE + name: value for name, value in done.next.items()}
    return Page(tuple(shown), following)


def done_from(position: Position | None) -> Position | None:
    """Where the page of what was done begins."""
    progress = {name.removeprefix(_DONE): value for name, value in (position or {}).items() if name.startswith(_DONE)}
    return progress or None


def place(entry: Entry) -> str:
    """Where an entry is in the order of all that was noted."""
    return f"{rfc3339(entry.at)}#{entry.id}"


def newest(lists: Iterable[Iterable[Entry]], limit: int) -> Page[Entry]:
    """Of several lists, each newest first and with one more than `limit` where there are more."""
    everything = sorted((entry for entries in lists for entry in entries), key=place, reverse=True)
    return Page(tuple(everything[:limit]), {"more": 1} if len(everything) > limit else None)

"""Wire shapes of the catalogue."""

from typing import Annotated, ClassVar

from pydantic import Field, StrictBool, StringConstraints

from groundswell.analytics.catalogue.model import EventName, EventNames, Properties, Property
from groundswell.http.schema import Changes, Out, Time
from groundswell.http.timestamps import timestamp_of


class EventNameOut(Out):
    name: str
    count: int
    first_seen: Time | None
    last_seen: Time | None
    blocked: bool
    display_name: str | None
    description: str | None
    hidden: bool
    verified: bool


class DescriptionIn(Changes):
    """Absent keeps, `null` clears. Questions go on calling the event by its name."""

    required: ClassVar[frozenset[str]] = frozenset({"hidden", "verified"})

    display_name: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    description: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    hidden: StrictBool | None = Field(default=None, description="Lists leave it out")
    verified: StrictBool | None = Field(default=None, description="Somebody made sure that it is sent rightly")
    client_id: str | None = None


class DescriptionOut(Out):
    name: str
    display_name: str | None
    description: str | None
    hidden: bool
    verified: bool
    updated_by: str
    updated_at: Time
    version: int


class EventNamesOut(Out):
    events: list[EventNameOut]
    names: int
    others: int
    as_of: Time


class PropertyOut(Out):
    name: str
    count: int
    types: dict[str, int]
    first_seen: Time
    last_seen: Time


class PropertiesOut(Out):
    properties: list[PropertyOut]
    names: int
    others: int
    events: int
    as_of: Time


class BlockedOut(Out):
    name: str
    blocked: bool


def names_out(found: EventNames) -> EventNamesOut:
    return EventNamesOut(
        events=[_name(each) for each in found.found],
        names=found.names,
        others=found.others,
        as_of=timestamp_of(found.as_of),
    )


def properties_out(found: Properties) -> PropertiesOut:
    return PropertiesOut(
        properties=[_property(each) for each in found.found],
        names=found.names,
        others=found.others,
        events=found.events,
        as_of=timestamp_of(found.as_of),
    )


def _name(each: EventName) -> EventNameOut:
    first = None if each.first_seen is None else timestamp_of(each.first_seen)
    last = None if each.last_seen is None else timestamp_of(each.last_seen)
    said = each.described
    return EventNameOut(
        name=each.name,
        count=each.count,
        first_seen=first,
        last_seen=last,
        blocked=each.blocked,
        display_name=said.display_name if said else None,
        description=said.description if said else None,
        hidden=bool(said and said.hidden),
        verified=bool(said and said.verified),
    )


def _property(each: Property) -> PropertyOut:
    first, last = timestamp_of(each.first_seen), timestamp_of(each.last_seen)
    return PropertyOut(name=each.name, count=each.count, types=dict(each.types), first_seen=first, last_seen=last)

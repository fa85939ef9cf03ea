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


def names_out(event_names: EventNames) -> EventNamesOut:
    return EventNamesOut(
        events=[_name(event_name) for event_name in event_names.listed],
        names=event_names.names,
        others=event_names.others,
        as_of=timestamp_of(event_names.as_of),
    )


def properties_out(properties: Properties) -> PropertiesOut:
    return PropertiesOut(
        properties=[_property(event_property) for event_property in properties.listed],
        names=properties.names,
        others=properties.others,
        events=properties.events,
        as_of=timestamp_of(properties.as_of),
    )


def _name(event_name: EventName) -> EventNameOut:
    first = None if event_name.first_seen is None else timestamp_of(event_name.first_seen)
    last = None if event_name.last_seen is None else timestamp_of(event_name.last_seen)
    description = event_name.described
    return EventNameOut(
        name=event_name.name,
        count=event_name.count,
        first_seen=first,
        last_seen=last,
        blocked=event_name.blocked,
        display_name=description.display_name if description else None,
        description=description.description if description else None,
        hidden=bool(description and description.hidden),
        verified=bool(description and description.verified),
    )


def _property(event_property: Property) -> PropertyOut:
    first, last = timestamp_of(event_property.first_seen), timestamp_of(event_property.last_seen)
    return PropertyOut(
        name=event_property.name,
        count=event_property.count,
        types=dict(event_property.types),
        first_seen=first,
        last_seen=last,
    )

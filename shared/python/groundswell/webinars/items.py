"""How webinars lie in the core table.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `WEBINAR#<id>` | `WEBINAR` | `CLIENT#<client>`, `WEBINAR#<id>` | webinar: whoever has its address has its id alone |
| `WEBINARS#<client>#<view>` | `<created at>#<id>` | | row of a list (`storage.listing`) |
| `SEATS#<client>#<id>` | `SEATS` | | how many are taken and wait; one conditional write sells one seat |
| `SEATS#<client>#<id>` | `REG#<id>` | `SEATS#<client>#<id>`, `REG#<created at>#<id>` | registration |
| `SEATS#<client>#<id>` | `WAIT#<queued at>#<id>` | | who waits, in their order |
"""

from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.kernel.clock import rfc3339
from groundswell.storage.core import CoreItem
from groundswell.storage.listing import Entry, Listing
from groundswell.storage.mapper import to_item
from groundswell.webinars.model import Webinar
from groundswell.webinars.registration import Registration

LISTING = Listing("WEBINARS", ("created_at", "starts_at"))
PREFIX = "WEBINAR"


class WebinarItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    title = UnicodeAttribute()
    starts_at = UTCDateTimeAttribute()
    duration_minutes = NumberAttribute()
    timezone = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    capacity = NumberAttribute(null=True)
    join_url = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    registration_closes_at = UTCDateTimeAttribute(null=True)
    waitlist = BooleanAttribute(default=False)
    offer_seconds = NumberAttribute()
    consent_text = UnicodeAttribute(null=True)
    recording_url = UnicodeAttribute(null=True)
    follow_up = UnicodeAttribute(null=True)
    sequence = NumberAttribute(default=0)


class RegistrationItem(CoreItem):
    id = UnicodeAttribute()
    webinar_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    email = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    name = UnicodeAttribute(null=True)
    company = UnicodeAttribute(null=True)
    timezone = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    agreement = JSONAttribute(null=True)
    attribution = JSONAttribute(default=dict)
    queued_at = UTCDateTimeAttribute(null=True)
    offer_expires_at = UTCDateTimeAttribute(null=True)
    attended = BooleanAttribute(null=True)
    joined_at = UTCDateTimeAttribute(null=True)
    left_at = UTCDateTimeAttribute(null=True)
    lead_id = UnicodeAttribute(null=True)
    sequence = NumberAttribute(default=0)


def webinar_pk(webinar_id: str) -> str:
    return f"WEBINAR#{webinar_id}"


def seats_pk(client_id: str, webinar_id: str) -> str:
    """Where all lies that belongs to one webinar."""
    return f"SEATS#{client_id}#{webinar_id}"


def seats_key(webinar: Webinar) -> dict[str, Any]:
    return {"pk": {"S": seats_pk(webinar.client_id, webinar.id)}, "sk": {"S": "SEATS"}}


def webinar_item(webinar: Webinar) -> WebinarItem:
    return to_item(
        WebinarItem,
        webinar,
        webinar_pk(webinar.id),
        PREFIX,
        kind="webinar",
        gsi1pk=f"CLIENT#{webinar.client_id}",
        gsi1sk=webinar_pk(webinar.id),
    )


def registration_item(registration: Registration) -> RegistrationItem:
    pk = seats_pk(registration.client_id, registration.webinar_id)
    return to_item(
        RegistrationItem,
        registration,
        pk,
        f"REG#{registration.id}",
        kind="registration",
        gsi1pk=pk,
        gsi1sk=f"REG#{rfc3339(registration.created_at)}#{registration.id}",
    )


def waiting_key(registration: Registration) -> dict[str, Any]:
    """Raises ValueError for one that never waited."""
    if registration.queued_at is None:
        raise ValueError(registration.id)
    place = f"WAIT#{rfc3339(registration.queued_at)}#{registration.id}"
    return {"pk": {"S": seats_pk(registration.client_id, registration.webinar_id)}, "sk": {"S": place}}


def entry(webinar: Webinar) -> Entry:
    """What lists know of it."""
    return Entry(
        id=webinar.id,
        views=frozenset({"all", f"status={webinar.status}"}),
        orders={"created_at": rfc3339(webinar.created_at), "starts_at": rfc3339(webinar.starts_at)},
        texts={"title": webinar.title.lower()},
        tallies=frozenset({("client", "total"), ("client", f"status={webinar.status}")}),
    )

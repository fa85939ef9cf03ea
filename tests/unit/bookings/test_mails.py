"""Anybody books for anybody's address: what they type goes to the hosts, and to no stranger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from groundswell.bookings.mails import BookingMails, Person
from groundswell.bookings.model import Booking, Status
from groundswell.calendar.model import Method
from groundswell.mailer.model import Mail
from groundswell.visitors.model import Host

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
EVIL = "Your account is locked: https://evil.example/login"
BOOKING = Booking(
    id="b", client_id="c", type_id="t", type_name="Call", hosts=("h",), starts_at=NOW, ends_at=NOW + timedelta(hours=1),
    day="2026-11-30", days=("2026-11-30",), timezone="UTC", email="victim@people.example", status=Status.CONFIRMED,
    created_at=NOW, updated_at=NOW, name=f"PayPal {EVIL}", notes=EVIL, reason=EVIL, sequence=1,
)  # fmt: skip
HOST = Host("c", "o", "Acme", "UTC")
PEOPLE = (Person("h", "host@acme.example", "Grace Hopper"),)
PLACES: Any = SimpleNamespace(manage=lambda _: "https://us.example/m", page=lambda _: "https://us.example/b")
MAILS = BookingMails(PLACES, "no-reply@us.example")


def parts(mail: Mail) -> tuple[str, ...]:
    return mail.subject, mail.text, mail.html or "", mail.calendar.replace("\r\n ", "")


@pytest.mark.parametrize("what", ["pending", "confirmed", "rescheduled", "cancelled", "remind_day"])
def test_what_a_stranger_typed_is_in_no_mail_to_the_address_they_named(what: str) -> None:
    mail = MAILS.to_attendee(what, BOOKING, PEOPLE, HOST, explained=False)

    assert [part for part in parts(mail) if "evil.example" in part or "locked: https" in part] == []


def test_nor_in_the_entry_behind_their_link() -> None:
    text, _ = MAILS.calendar(BOOKING, PEOPLE, HOST)

    assert "evil.example" not in text.replace("\r\n ", "")


def test_a_hosts_reason_is_said_in_their_own_words() -> None:
    mail = MAILS.to_attendee("cancelled", replace(BOOKING, reason="The room is flooded"), PEOPLE, HOST)

    assert "Reason: The room is flooded" in mail.text


def test_hosts_have_the_notes_in_their_mail_and_in_their_entry() -> None:
    [mail] = MAILS.to_hosts("confirmed", BOOKING, PEOPLE, HOST)

    assert EVIL in mail.text
    assert "evil.example" in mail.calendar.replace("\r\n ", "")
    assert f"METHOD:{Method.REQUEST}" in mail.calendar

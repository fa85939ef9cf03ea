"""What follows from a platform's records elsewhere: payments and orders are events, contacts are leads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from groundswell.integrations.model import Connection
from groundswell.integrations.records import Malformed, Record, moment
from groundswell.kernel.clock import rfc3339

_PAID = frozenset({"succeeded", "paid", "partially_refunded", "processing", "completed"})
_REFUNDED = frozenset({"refunded"})
_LEAD_FIELDS = ("email", "phone", "first_name", "last_name", "company", "title", "website", "locale")


def events_of(platform: str, kind: str, before: Record | None, after: Record) -> Iterator[Mapping[str, Any]]:
    """In the words of `POST /sdk/event`: once for each change that matters, under an id that a repeat has too. What
    they bring in adds up to what the record says: an amount that is another one later is told as the difference."""
    amount = _amount(after.fields.get("amount"))
    if amount is None or not after.fields.get("currency"):
        return
    paid = _paid(before) if before else None
    if paid is None and _is_paid(after):
        name = "Payment Succeeded" if kind == "payment" else "Order Completed"
        yield _event(platform, after, name, amount, "paid")
    elif paid is not None and (difference := _standing(after, amount) - paid):
        change = f"restated:{paid}:{paid + difference}:{after.updated_at or ''}"
        yield _event(platform, after, "Payment Restated" if kind == "payment" else "Order Restated", difference, change)
    refunded, known = _refunded(after, amount), _refunded(before, amount) if before else Decimal(0)
    if refunded > known:
        yield _event(platform, after, "Order Refunded", refunded - known, f"refunded:{refunded}")


def lead_values(platform: str, contact: Record) -> dict[str, Any]:
    """What a contact says of somebody, by the leads' own names. The platform's id is an external identity."""
    fields = contact.fields
    values = {name: str(fields[name])[:200] for name in _LEAD_FIELDS if fields.get(name)}
    if "name" in fields and "first_name" not in values and "last_name" not in values:
        first, _, last = str(fields["name"]).strip().partition(" ")
        values |= {name: part[:100] for name, part in (("first_name", first), ("last_name", last)) if part}
    return {**values, "source": platform, "external": {platform: contact.id[:200]}}


def wants(connection: Connection, what: str) -> bool:
    """Whether the client wants leads, or events, of this platform; it does unless it said no."""
    return connection.settings.get(what, "on") != "off"


def _event(platform: str, record: Record, name: str, amount: Decimal, mark: str) -> Mapping[str, Any]:
    who = record.fields.get("customer_id") or record.fields.get("email") or record.id
    properties = {
        "order_id": record.id,
        "revenue": str(amount),
        "currency": str(record.fields["currency"]).upper(),
        "status": record.fields.get("status"),
        "platform": platform,
    }
    return {
        "type": "track",
        "event": name,
        "id": f"{platform}:{record.stream}:{record.id}:{mark}"[:200],
        "user_id": f"{platform}:{who}"[:200],
        "timestamp": rfc3339(_time(record)),
        "properties": {key: value for key, value in properties.items() if value is not None},
    }


def _is_paid(record: Record) -> bool:
    return str(record.fields.get("status", "")).lower() in _PAID | _REFUNDED


def _paid(record: Record) -> Decimal | None:
    """What was told of it; None where nothing was."""
    return _amount(record.fields.get("amount")) if _is_paid(record) and record.fields.get("currency") else None


def _standing(record: Record, amount: Decimal) -> Decimal:
    """What is left of it before refunds: of what is paid no more just these."""
    return amount if _is_paid(record) else _refunded(record, amount)


def _refunded(record: Record, amount: Decimal) -> Decimal:
    """Of what is wholly refunded and does not say how much, everything."""
    refunded = _amount(record.fields.get("refunded"))
    if refunded is not None:
        return refunded
    return amount if str(record.fields.get("status", "")).lower() in _REFUNDED else Decimal(0)


def _amount(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except ArithmeticError:
        return None


def _time(record: Record) -> datetime:
    try:
        return moment(record.fields["created_at"])
    except (KeyError, Malformed):
        return record.updated_at or datetime.fromisoformat("1970-01-01T00:00:00+00:00")

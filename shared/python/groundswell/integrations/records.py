"""A platform's records in our terms. One that cannot be read is put aside with its reason, and costs no other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from groundswell.integrations.facts import AdRow
from groundswell.integrations.platform import Account, Platform, Settings, Spec, Stream
from groundswell.integrations.problems import extract

LARGEST = 100_000
"""Bytes of a record. Larger ones are put aside."""
_FINER = ("ad_id", "adset_id", "age", "gender", "country", "publisher_platform")
_MONEY = frozenset({"spend", "revenue", "conversions", "amount"})
_COUNTS = frozenset({"impressions", "clicks", "landing_page_views"})


class Malformed(Exception):
    """Why a record cannot be taken; for people."""


@dataclass(frozen=True)
class Record:
    """What a CRM, a shop or a payment provider has: `fields` in our terms, `raw` as it came. `updated_at` orders
    versions of one record; None where the platform does not say."""

    stream: str
    id: str
    account_id: str
    updated_at: datetime | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    raw: Any = None


def picked(spec: Spec, raw: Any, settings: Settings) -> Any:
    return spec(raw, settings) if callable(spec) else extract(spec, raw)


def ad_row(platform: Platform, stream: Stream, account: Account, raw: Any, settings: Settings) -> AdRow:
    """Raises Malformed."""
    values = {name: _picked(name, spec, raw, settings) for name, spec in stream.fields.items()}
    campaign_id = _text(values, "campaign_id")
    finer = [str(raw[name]) for name in _FINER if isinstance(raw, Mapping) and raw.get(name) not in (None, "")]
    return AdRow(
        date=day(values.get("date")),
        account_id=account.id,
        campaign_id=campaign_id,
        campaign=str(values.get("campaign") or campaign_id),
        spend=number("spend", values.get("spend")),
        currency=str(values.get("currency") or account.currency or "").upper(),
        impressions=count("impressions", values.get("impressions")),
        clicks=count("clicks", values.get("clicks")),
        landing_page_views=count("landing_page_views", values.get("landing_page_views")),
        conversions=number("conversions", values.get("conversions")),
        revenue=number("revenue", values.get("revenue")),
        platform=platform.name,
        id="|".join([campaign_id, *finer])[:300].replace("#", "_"),
        timezone=account.timezone,
    )


def record(stream: Stream, account: Account, raw: Any, settings: Settings) -> Record:
    """Raises Malformed."""
    if len(json.dumps(raw, default=str)) > LARGEST:
        raise Malformed(f"the record is larger than {LARGEST} bytes")
    values = {name: _picked(name, spec, raw, settings) for name, spec in stream.fields.items()}
    name = _text(values, "id")
    updated = values.pop("updated_at", None)
    amount = number("amount", values.get("amount"))
    if amount is not None:
        values["amount"] = str(amount)
    kept = {key: value for key, value in values.items() if value not in (None, "")}
    return Record(stream.name, name[:300], account.id, None if updated is None else moment(updated), kept, raw)


def fingerprint(raw: Any) -> str:
    """The same for the same content."""
    return sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest()[:32]


def day(value: Any) -> date:
    """`2026-11-01`, with whatever follows, or `20261101`. Raises Malformed."""
    text = str(value or "")[:10]
    try:
        return date.fromisoformat(text[:8] if text[:8].isdecimal() else text)
    except ValueError as error:
        raise Malformed(f"date is no date: {text!r}") from error


def moment(value: Any) -> datetime:
    """RFC 3339, or seconds or milliseconds since 1970; without an offset it is UTC. Raises Malformed."""
    try:
        text = str(value)
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) / (1000 if len(text) > 11 else 1), UTC)
        parsed = datetime.fromisoformat(text)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"not a time: {str(value)[:60]!r}") from error


def number(name: str, value: Any) -> Decimal | None:
    """None stays None. Raises Malformed."""
    if value is None or value == "":
        return None
    try:
        found_number = Decimal(str(value)) if not isinstance(value, bool) else None
    except InvalidOperation:
        found_number = None
    if found_number is None or not found_number.is_finite() or abs(found_number) > Decimal("1e15"):
        raise Malformed(f"{name} is no number: {str(value)[:60]!r}")
    return found_number


def count(name: str, value: Any) -> int | None:
    """None stays None. Raises Malformed."""
    found_number = number(name, value)
    if found_number is None:
        return None
    if found_number != int(found_number) or found_number < 0:
        raise Malformed(f"{name} is no count: {str(value)[:60]!r}")
    return int(found_number)


def _picked(name: str, spec: Spec, raw: Any, settings: Settings) -> Any:
    try:
        return picked(spec, raw, settings)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        raise Malformed(f"{name} cannot be read: {type(error).__name__}") from error


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value in (None, "") or isinstance(value, (dict, list)):
        raise Malformed(f"{name} is missing")
    return str(value).replace("#", "_")

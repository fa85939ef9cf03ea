"""What an event brought in, by Segment's e-commerce spec: `revenue`, else `total`, else `value`; and in which currency.

`price` times `quantity` is what something costs, not what it brought in: products are viewed more often than bought.
Nor is what a step before a sale says of its amount; and what a refund says is taken off (see `commerce`).
"""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import msgspec

from groundswell.events.eventlog.block import is_amount
from groundswell.events.eventlog.model import NO_CURRENCY
from groundswell.events.ingest.commerce import is_refund, is_step

HINTS = rb'(?:\$?revenue|total|value)"'
_HINT = re.compile(rb'"(?:%b)' % HINTS)
_CURRENCY = re.compile(r"[A-Z0-9]{3,12}")  # ISO 4217, and what tokens are called
_FURTHEST = 108  # digits of the longest amount: before `1E+999999999` is written out


class Revenue(NamedTuple):
    """`value` is a decimal as written. `unread`: an amount was given that is none."""

    value: str | None = None
    currency: str | None = None
    unread: bool = False


class _Money(msgspec.Struct):
    revenue: msgspec.Raw = msgspec.Raw(b"null")
    posthog: msgspec.Raw = msgspec.field(name="$revenue", default=msgspec.Raw(b"null"))
    total: msgspec.Raw = msgspec.Raw(b"null")
    value: msgspec.Raw = msgspec.Raw(b"null")
    currency: msgspec.Raw = msgspec.Raw(b"null")
    posthog_currency: msgspec.Raw = msgspec.field(name="$currency", default=msgspec.Raw(b"null"))


_money = msgspec.json.Decoder(_Money)
NONE = Revenue()


def revenue(properties: bytes, *, chained: bool, name: str = "") -> Revenue:
    """`chained`: the event is about a chain, where `value` is an amount of the chain's smallest unit. `name` is the
    event's."""
    if not _HINT.search(properties) or is_step(name):
        return NONE
    money = _read(properties)
    candidates = [money.revenue, money.posthog, money.total, *(() if chained else (money.value,))]
    amounts = [raw for raw in map(bytes, candidates) if raw not in (b"null", b'""')]
    value = next((amount for raw in amounts if (amount := _amount(raw)) is not None), None)
    if value is None:
        return Revenue(unread=bool(amounts))
    value = _paid_back(value) if is_refund(name) else value
    return Revenue(value, _currency(bytes(money.currency)) or _currency(bytes(money.posthog_currency)))


def _paid_back(amount: str) -> str:
    """Below zero, whichever sign it was written with."""
    return amount if amount.startswith("-") or not amount.strip("0.") else f"-{amount}"


def _read(properties: bytes) -> _Money:
    """Browsers cut texts in the middle of an emoji, which the standard library reads and msgspec does not."""
    try:
        return _money.decode(properties)
    except msgspec.DecodeError:
        pass
    try:
        document = json.loads(properties, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return _Money()
    else:
        texts = {name: json.dumps(value) for name, value in document.items() if isinstance(value, str)}
        return msgspec.convert({name: msgspec.Raw(text.encode()) for name, text in texts.items()}, _Money)


def _amount(raw: bytes) -> str | None:
    """As written, where it is a plain decimal; `1.5e3` is written out."""
    text = _text(raw)
    if is_amount(text):
        return text
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount.adjusted()) > _FURTHEST:
        return None
    return spelled if is_amount(spelled := f"{amount:f}") else None


def _currency(raw: bytes) -> str | None:
    code = _text(raw).upper() if raw[:1] == b'"' else ""
    return code if _CURRENCY.fullmatch(code) and code != NO_CURRENCY else None


def _text(raw: bytes) -> str:
    """Of a string or a number; of anything else what is neither an amount nor a currency."""
    return str(json.loads(raw)).strip() if raw[:1] == b'"' else raw.decode()

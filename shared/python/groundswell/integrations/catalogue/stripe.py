"""Stripe, API version 2026-10-28.endive, https://docs.stripe.com/api."""

import hmac
from collections.abc import Callable, Mapping
from typing import Any

from groundswell.integrations.catalogue.signing import bearer, hmac_hex
from groundswell.integrations.catalogue.wording import get, minor, the_one, upper
from groundswell.integrations.paging import last_id
from groundswell.integrations.platform import At, Call, Field, Hook, OAuth, Platform, Spec, Stream, StreamKind
from groundswell.integrations.problems import Problem, Reply

_TOLERANCE_SECONDS = 300
_OBJECTS = {"charge": "charges", "customer": "customers", "invoice": "invoices", "subscription": "subscriptions"}


def classify(reply: Reply, content: Any) -> Problem | None:
    """A lock that is held (409, or 429 `lock_timeout`) is over soon."""
    error = content.get("error") if isinstance(content, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    words = str(error.get("message", "")) if isinstance(error, dict) else ""
    if code in ("api_key_expired", "platform_api_key_expired"):
        return Problem("auth", words)
    return Problem("transient", words) if reply.status == 409 or code == "lock_timeout" else None


def _list(path: str) -> Callable[[At], Call]:
    def ask(at: At) -> Call:
        since = int(at.since.timestamp()) if at.since else None
        return get(path, {"limit": 100, "created[gte]": since, "starting_after": at.cursor})

    return ask


def _stream(name: str, kind: StreamKind, fields: dict[str, Spec]) -> Stream:
    """Lists are filtered by creation alone: what is younger than 30 days is read again, and webhooks tell the rest."""
    return Stream(
        name,
        kind,
        _list(f"/{name}"),
        "data",
        {"id": "id", "updated_at": "created", **fields},
        last_id("data", "has_more"),
        lookback_days=30,
        rereads=True,
    )


def _verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """`Stripe-Signature: t=…,v1=…`, https://docs.stripe.com/webhooks#verify-manually."""
    pairs = [part.partition("=")[::2] for part in headers.get("stripe-signature", "").split(",")]
    time = next((value for name, value in pairs if name == "t"), "")
    if not time.isdecimal() or len(time) > 12 or abs(now - int(time)) > _TOLERANCE_SECONDS:
        return False
    expected = hmac_hex(secret, time.encode() + b"." + body)
    return any(hmac.compare_digest(expected.encode(), value.encode()) for name, value in pairs if name == "v1")


def _object(content: Any) -> Any:
    return (content.get("data") or {}).get("object") or {} if isinstance(content, dict) else {}


def _streams(headers: Mapping[str, str], content: Any) -> tuple[str, ...]:
    name = _OBJECTS.get(_object(content).get("object", ""))
    return (name,) if name else ()


def _records(headers: Mapping[str, str], content: Any) -> tuple[tuple[str, Any], ...]:
    """The object as it was then. A customer's deletion leaves a stub, which says nothing."""
    (name,) = _streams(headers, content) or ("",)
    return ((name, _object(content)),) if name and not _object(content).get("deleted") else ()


_CHARGE: dict[str, Spec] = {
    "amount": minor("amount", "currency"),
    "refunded": minor("amount_refunded", "currency"),
    "currency": upper("currency"),
    "status": "status",
    "customer_id": "customer.id || customer",
    "email": "billing_details.email || receipt_email",
    "created_at": "created",
}
PLATFORM = Platform(
    name="stripe",
    title="Stripe",
    category="payments",
    auth="api_key",
    url="https://api.stripe.com",
    prefix="/v1",
    headers={"stripe-version": "2026-10-28.endive"},
    credentials=(
        Field("access_token", "Restricted or secret key", aliases=("api_key", "secret_key", "key", "token")),
        Field("webhook_secret", "Signing secret of the webhook endpoint", required=False, aliases=("signing_secret",)),
    ),
    sign=bearer,
    classify=classify,
    probe=lambda at: get("/charges", {"limit": 1}),
    account=the_one,
    streams=(
        _stream("charges", "payment", _CHARGE),
        _stream(
            "customers",
            "contact",
            {
                "email": "email",
                "phone": "phone",
                "name": "name",
                "locale": "preferred_locales[0]",
                "created_at": "created",
            },
        ),
        _stream(
            "invoices",
            "other",
            {
                "amount": minor("total", "currency"),
                "currency": upper("currency"),
                "status": "status",
                "customer_id": "customer.id || customer",
                "email": "customer_email",
                "created_at": "created",
            },
        ),
        _stream(
            "subscriptions",
            "subscription",
            {
                "status": "status",
                "currency": upper("currency"),
                "customer_id": "customer.id || customer",
                "created_at": "created",
            },
        ),
    ),
    oauth=OAuth(
        "https://connect.stripe.com/oauth/authorize", "/oauth/token", "read_only", "https://connect.stripe.com"
    ),
    hook=Hook("webhook_secret", _verify, lambda headers, content: str(content.get("id", "")), _streams, _records),
)

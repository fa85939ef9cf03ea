"""Shopify's Admin API 2026-10 (GraphQL), https://shopify.dev/docs/api/admin-graphql."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from groundswell.integrations.catalogue.signing import header
from groundswell.integrations.catalogue.wording import ACCESS_TOKEN, APP, REFRESH_TOKEN
from groundswell.integrations.paging import cursor_at
from groundswell.integrations.platform import (
    Account,
    At,
    Call,
    Credentials,
    Field,
    Hook,
    OAuth,
    Platform,
    Spec,
    Stream,
    StreamKind,
)
from groundswell.integrations.problems import Problem, Reply, extract

_ORDERS = """id name createdAt updatedAt cancelledAt displayFinancialStatus currencyCode email
currentTotalPriceSet{shopMoney{amount currencyCode}} customer{id}"""
_CUSTOMERS = """id createdAt updatedAt firstName lastName locale
defaultEmailAddress{emailAddress} defaultPhoneNumber{phoneNumber} defaultAddress{company}"""
_TOPICS = {"orders": "orders", "refunds": "orders", "customers": "customers"}


def classify(reply: Reply, content: Any) -> Problem | None:
    """200 with `errors`: throttled until the bucket has refilled, or refused."""
    errors = content.get("errors") if isinstance(content, dict) else None
    if isinstance(errors, str):
        return Problem("auth" if reply.status in (401, 403) else "bad_request", errors)
    if not isinstance(errors, list) or not errors:
        return None
    words, code = str(extract("[0].message", errors)), extract("[0].extensions.code", errors)
    if code == "THROTTLED":
        return Problem("throttled", words, _refilled(content))
    if code == "ACCESS_DENIED":
        return Problem("permission", words)
    return Problem("transient" if code == "INTERNAL_SERVER_ERROR" else "bad_request", words)


def _refilled(content: Any) -> float:
    cost = extract("extensions.cost", content) or {}
    status = cost.get("throttleStatus") or {}
    lacking = (cost.get("requestedQueryCost") or 100) - (status.get("currentlyAvailable") or 0)
    return max(1.0, lacking / (status.get("restoreRate") or 50))


def _query(name: str, fields: str) -> Callable[[At], Call]:
    text = (
        f"query($q:String,$c:String){{{name}(first:100,after:$c,query:$q,sortKey:UPDATED_AT)"
        f"{{pageInfo{{hasNextPage endCursor}} nodes{{{fields}}}}}}}"
    )

    def ask(at: At) -> Call:
        since = f"updated_at:>='{at.since:%Y-%m-%dT%H:%M:%SZ}'" if at.since else None
        return Call("POST", "/graphql.json", body={"query": text, "variables": {"q": since, "c": at.cursor}})

    return ask


def _stream(name: str, kind: StreamKind, selection: str, fields: dict[str, Spec]) -> Stream:
    every: dict[str, Spec] = {"id": "id", "updated_at": "updatedAt", "created_at": "createdAt", **fields}
    more = cursor_at(f"data.{name}.pageInfo.[hasNextPage && endCursor][0]")
    return Stream(name, kind, _query(name, selection), f"data.{name}.nodes", every, more)


def _base(credentials: Credentials) -> str:
    return f"https://{shop(credentials)}"


def shop(credentials: Credentials) -> str:
    name = credentials.get("shop", "").strip().lower().removeprefix("https://").rstrip("/")
    return name if name.endswith(".myshopify.com") else f"{name}.myshopify.com"


def _verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    expected = b64encode(hmac.new(secret.encode(), body, sha256).digest())
    return hmac.compare_digest(expected, headers.get("x-shopify-hmac-sha256", "").encode())


def _streams(headers: Mapping[str, str], content: Any) -> tuple[str, ...]:
    name = _TOPICS.get(headers.get("x-shopify-topic", "").partition("/")[0])
    return (name,) if name else ()


PLATFORM = Platform(
    name="shopify",
    title="Shopify",
    category="commerce",
    auth="oauth2",
    url="",
    prefix="/admin/api/2026-10",
    base=_base,
    credentials=(
        Field(
            "shop",
            "Shop, such as acme.myshopify.com",
            secret=False,
            aliases=("shop_domain", "store", "shop_url", "domain", "store_url"),
            pattern=r"(https://)?[a-z0-9][a-z0-9-]{0,60}(\.myshopify\.com)?/?",
        ),
        ACCESS_TOKEN,
        REFRESH_TOKEN,
        *APP,
    ),
    sign=header("x-shopify-access-token"),
    classify=classify,
    message="errors || error_description || error",
    probe=lambda at: Call("POST", "/graphql.json", body={"query": "{shop{name currencyCode ianaTimezone}}"}),
    account=lambda credentials: Account(shop(credentials)),
    streams=(
        _stream(
            "orders",
            "order",
            _ORDERS,
            {
                "amount": "currentTotalPriceSet.shopMoney.amount",
                "currency": "currentTotalPriceSet.shopMoney.currencyCode || currencyCode",
                "status": "displayFinancialStatus",
                "name": "name",
                "email": "email",
                "customer_id": "customer.id",
            },
        ),
        _stream(
            "customers",
            "contact",
            _CUSTOMERS,
            {
                "email": "defaultEmailAddress.emailAddress || email",
                "phone": "defaultPhoneNumber.phoneNumber || phone",
                "first_name": "firstName",
                "last_name": "lastName",
                "company": "defaultAddress.company",
                "locale": "locale",
            },
        ),
    ),
    oauth=OAuth(
        "/admin/oauth/authorize",
        "/admin/oauth/access_token",
        "read_orders,read_customers",
        pkce=False,
        extra={"expiring": "1"},
        prefixed=False,
    ),
    hook=Hook("client_secret", _verify, lambda headers, content: headers.get("x-shopify-webhook-id", ""), _streams),
)

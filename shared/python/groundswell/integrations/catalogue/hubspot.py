"""HubSpot CRM, date-versioned API 2026-09, https://developers.hubspot.com/docs/api-reference."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from groundswell.integrations.catalogue.signing import bearer
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS, get, the_one
from groundswell.integrations.platform import At, Call, Field, OAuth, Platform, Spec, Stream
from groundswell.integrations.problems import Problem, Reply, extract

_OBJECTS = "/crm/objects/2026-09"
_SEARCH_LIMIT = 10_000
"""A search has no more results than these: it goes on as a new one from the last change seen."""
_CONTACT = ("email", "firstname", "lastname", "phone", "company", "jobtitle", "website", "lifecyclestage")
_DEAL = ("dealname", "amount", "deal_currency_code", "dealstage", "pipeline", "closedate")
_TOKENS = tuple(
    Field(token.name, token.label, token.required, token.secret, (*token.aliases, "api_key", "private_app_token"))
    if token.name == "access_token"
    else token
    for token in OAUTH_TOKENS
)


def classify(reply: Reply, content: Any) -> Problem | None:
    """A daily limit is over at midnight in the portal's zone, the others within ten seconds."""
    if reply.status != 429 or "retry-after" in reply.headers:
        return None
    words = str(content.get("message", "")) if isinstance(content, dict) else ""
    policy = content.get("policyName") if isinstance(content, dict) else ""
    return Problem("throttled", words or "rate limit", 900.0 if policy == "DAILY" else 10.0)


def _read(kind: str, properties: tuple[str, ...], changed: str) -> Callable[[At], Call]:
    names = [*properties, changed]

    def ask(at: At) -> Call:
        after = at.cursor or ""
        if at.since is None:
            query = {"limit": 100, "after": after or None, "properties": ",".join(names)}
            return get(f"{_OBJECTS}/{kind}", query)
        since, _, place = after.rpartition("@")
        moment = since or str(round(at.since.timestamp() * 1000))
        wanted = {"propertyName": changed, "operator": "GTE", "value": moment}
        body = {
            "filterGroups": [{"filters": [wanted]}],
            "sorts": [{"propertyName": changed, "direction": "ASCENDING"}],
            "properties": names,
            "limit": 100,
            "after": place or "0",
        }
        return Call("POST", f"{_OBJECTS}/{kind}/search", body=body)

    return ask


def _following(changed: str) -> Callable[[Any, Mapping[str, str], At], str | None]:
    def following(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        after = extract("paging.next.after", content)
        if after in (None, "") or at.since is None:
            return str(after) if after else None
        since = (at.cursor or "").rpartition("@")[0]
        if not str(after).isdecimal() or int(after) < _SEARCH_LIMIT:
            return f"{since}@{after}"
        last = str(extract(f"results[-1].properties.{changed}", content))
        return f"{round(datetime.fromisoformat(last).timestamp() * 1000)}@0"

    return following


def _stream(name: str, kind: str, properties: tuple[str, ...], changed: str, fields: dict[str, Spec]) -> Stream:
    return Stream(
        name,
        "contact" if kind == "contacts" else "deal",
        _read(kind, properties, changed),
        "results",
        {"id": "id", "updated_at": f"properties.{changed} || updatedAt", **fields},
        _following(changed),
    )


PLATFORM = Platform(
    name="hubspot",
    title="HubSpot",
    category="crm",
    auth="oauth2",
    url="https://api.hubapi.com",
    credentials=_TOKENS,
    sign=bearer,
    classify=classify,
    message="message",
    probe=lambda at: get(f"{_OBJECTS}/contacts", {"limit": 1}),
    account=the_one,
    streams=(
        _stream(
            "contacts",
            "contacts",
            _CONTACT,
            "lastmodifieddate",
            {
                "email": "properties.email",
                "first_name": "properties.firstname",
                "last_name": "properties.lastname",
                "phone": "properties.phone",
                "company": "properties.company",
                "title": "properties.jobtitle",
                "website": "properties.website",
            },
        ),
        _stream(
            "deals",
            "deals",
            _DEAL,
            "hs_lastmodifieddate",
            {
                "name": "properties.dealname",
                "amount": "properties.amount",
                "currency": "properties.deal_currency_code",
                "status": "properties.dealstage",
                "closes_at": "properties.closedate",
            },
        ),
    ),
    oauth=OAuth(
        "https://app.hubspot.com/oauth/authorize",
        "/oauth/v1/token",
        "crm.objects.contacts.read crm.objects.deals.read",
    ),
)

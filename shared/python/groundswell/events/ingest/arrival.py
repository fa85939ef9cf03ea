"""Which campaign a visitor came by and from which site, wherever an SDK says it: in the context's page, flat in the
context (Formo), among the properties (servers' page calls) or beside them (Adtivity). The context goes first.

Nobody comes from where they are: the page's own site is no referrer, nor is any other of the client's.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec

from groundswell.events.ingest.sites import site_of

_CAMPAIGN = {"utm_campaign": "name"} | {f"utm_{name}": name for name in ("source", "medium", "term", "content", "id")}
_PAGES = ("page", "screen")
HINTS = rb'(?:url|search|referrer)"\s*:|utm_'
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_text = msgspec.json.Decoder(str)

type Campaign = tuple[tuple[str, str], ...]


class Attribution(NamedTuple):
    """Where the visitor is, where from, and the campaign: whatever is known of it."""

    url: str = ""
    referrer: str = ""
    campaign: Campaign = ()


NOTHING = Attribution()


def attribution_beside(kind: str, properties: bytes, extra: bytes) -> Attribution | None:
    """What an event says outside its context. None where there is nothing, which is seen at once."""
    if not (properties or extra):
        return None
    page, tagged = kind in _PAGES, b'"utm_' in properties
    linked = b'"url"' in extra or b'"referrer"' in extra
    if not (tagged or linked or (page and properties)):
        return None
    fields = members(properties)
    named = _attribution(fields, "url", "referrer") if page else Attribution(campaign=_campaign(fields))
    return _either(named, _attribution(members(extra), "url", "referrer"))


def arrival(
    context: Mapping[str, msgspec.Raw], attribution: Attribution | None, own: Collection[str] = ()
) -> dict[str, Any]:
    """`campaign` and `referrer` as contexts have them, where this one has none of its own. `own` are the client's
    sites; a referrer of the context's that is one of them becomes None."""
    page = members(bytes(context.get("page", b"")))
    flat = _attribution(context, "page_url", "referrer")
    origin = _either(_attribution(page, "url", "referrer"), flat, attribution or NOTHING)
    additions: dict[str, Any] = {}
    if not _object(context, "campaign") and (campaign := origin.campaign or _tags(origin.url)):
        additions["campaign"] = dict(campaign)
    here = {*own, site_of(origin.url)}
    if _object(context, "referrer"):
        if _referring_site(context) in here - {None}:
            additions["referrer"] = None
    elif (domain := site_of(origin.referrer)) and domain not in here:
        additions["referrer"] = {"domain": domain, "url": origin.referrer[:500]}
    return additions


def _referring_site(context: Mapping[str, msgspec.Raw]) -> str | None:
    referrer = members(bytes(context["referrer"]))
    return site_of(_string(referrer, "domain") or _string(referrer, "url"))


def members(raw: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _members.decode(raw) if raw else {}
    except msgspec.DecodeError:
        return {}


def _attribution(fields: Mapping[str, msgspec.Raw], url: str, referrer: str) -> Attribution:
    address, search = _string(fields, url), _string(fields, "search").lstrip("?")
    if search and "?" not in address:
        address = f"{address}?{search}"
    return Attribution(address, _string(fields, referrer), _campaign(fields))


def _either(*attributions: Attribution) -> Attribution:
    """Of each part the first that there is."""
    return Attribution(
        next((attribution.url for attribution in attributions if attribution.url), ""),
        next((attribution.referrer for attribution in attributions if attribution.referrer), ""),
        next((attribution.campaign for attribution in attributions if attribution.campaign), ()),
    )


def _campaign(fields: Mapping[str, msgspec.Raw]) -> Campaign:
    tags = ((ours, _string(fields, name)) for name, ours in _CAMPAIGN.items())
    return tuple((name, value[:200]) for name, value in tags if value)


@lru_cache(maxsize=2048)
def _tags(url: str) -> Campaign:
    try:
        query = parse_qsl(urlsplit(url).query, max_num_fields=100) if "utm_" in url else []
    except ValueError:
        return ()
    return tuple((_CAMPAIGN[name], value[:200]) for name, value in query if name in _CAMPAIGN)


def _object(context: Mapping[str, msgspec.Raw], name: str) -> bool:
    raw = bytes(context.get(name, b""))
    return raw[:1] == b"{" and raw != b"{}"


def _string(fields: Mapping[str, msgspec.Raw], name: str) -> str:
    """Empty for anything but a text."""
    try:
        return _text.decode(fields[name]) if name in fields else ""
    except msgspec.DecodeError:
        return ""

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


def beside(kind: str, properties: bytes, extra: bytes) -> Attribution | None:
    """What an event says outside its context. None where there is nothing, which is quickly attribution."""
    if not (properties or extra):
        return None
    page, tagged = kind in _PAGES, b'"utm_' in properties
    linked = b'"url"' in extra or b'"referrer"' in extra
    if not (tagged or linked or (page and properties)):
        return None
    said = members(properties)
    named = _attribution(said, "url", "referrer") if page else Attribution(campaign=_campaign(said))
    return _either(named, _attribution(members(extra), "url", "referrer"))


def arrival(
    context: Mapping[str, msgspec.Raw], attribution: Attribution | None, own: Collection[str] = ()
) -> dict[str, Any]:
    """`campaign` and `referrer` as contexts have them, where this one has none of its own. `own` are the client's
    sites; a referrer of the context's that is one of them becomes None."""
    page = members(bytes(context.get("page", b"")))
    flat = _attribution(context, "page_url", "referrer")
    said = _either(_attribution(page, "url", "referrer"), flat, attribution or NOTHING)
    found: dict[str, Any] = {}
    if not _object(context, "campaign") and (campaign := said.campaign or _tags(said.url)):
        found["campaign"] = dict(campaign)
    here = {*own, site_of(said.url)}
    if _object(context, "referrer"):
        if _site_told(context) in here - {None}:
            found["referrer"] = None
    elif (domain := site_of(said.referrer)) and domain not in here:
        found["referrer"] = {"domain": domain, "url": said.referrer[:500]}
    return found


def _site_told(context: Mapping[str, msgspec.Raw]) -> str | None:
    said = members(bytes(context["referrer"]))
    return site_of(_string(said, "domain") or _string(said, "url"))


def members(raw: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _members.decode(raw) if raw else {}
    except msgspec.DecodeError:
        return {}


def _attribution(said: Mapping[str, msgspec.Raw], url: str, referrer: str) -> Attribution:
    address, search = _string(said, url), _string(said, "search").lstrip("?")
    if search and "?" not in address:
        address = f"{address}?{search}"
    return Attribution(address, _string(said, referrer), _campaign(said))


def _either(*said: Attribution) -> Attribution:
    """Of each part the first that there is."""
    return Attribution(
        next((each.url for each in said if each.url), ""),
        next((each.referrer for each in said if each.referrer), ""),
        next((each.campaign for each in said if each.campaign), ()),
    )


def _campaign(said: Mapping[str, msgspec.Raw]) -> Campaign:
    tags = ((ours, _string(said, name)) for name, ours in _CAMPAIGN.items())
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


def _string(said: Mapping[str, msgspec.Raw], name: str) -> str:
    """Empty for anything but a text."""
    try:
        return _text.decode(said[name]) if name in said else ""
    except msgspec.DecodeError:
        return ""

"""Brave Search (https://api-dashboard.search.brave.com/app/documentation/web-search), at `BRAVE_URL`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Outage, Unavailable
from groundswell.observability.log import log
from groundswell.outbound.adapter_keys import vendor_key
from groundswell.outbound.adapter_limits import DynamoBuckets
from groundswell.outbound.adapter_outcomes import DynamoOutcomes
from groundswell.outbound.adapter_vendor import Vendor, VendorAnswer, VendorClient, vendor_url
from groundswell.outbound.model import Rate
from groundswell.search.runs import SearchKeyRefused

NAME = "Brave"
_RATE = Rate(calls=100, seconds=60)
"""All tenants together: what the plan that we assume allows."""
_RESULTS = 20
_KEPT = ("title", "url", "description", "age", "extra_snippets")
_LONGEST = 2_000


def has_web_search() -> bool:
    return bool(vendor_key("BRAVE_API_KEY"))


class BraveSearch:
    def __init__(self, client: VendorClient) -> None:
        self._client = client

    async def search(self, q: str) -> Mapping[str, Any]:
        """What of its answer is read: `{"web": {"results": […]}}`. Raises Unavailable, SearchKeyRefused."""
        answer = await self._client.request("GET", "/res/v1/web/search", params={"q": q, "count": _RESULTS})
        if answer.ok:
            return _kept(answer)
        code = _code(answer)
        log.warning("web search refuses", extra={"status": answer.status, "code": code})
        if answer.status in (401, 403) or "TOKEN" in code:
            raise SearchKeyRefused
        if answer.status in (400, 404, 422):
            return {"web": {"results": []}, "refused": code}
        raise Unavailable(Outage(NAME, 30))


@cache
def brave() -> BraveSearch:
    base = vendor_url("BRAVE_URL").removesuffix("/web/search").removesuffix("/res/v1")
    headers = {"X-Subscription-Token": vendor_key("BRAVE_API_KEY"), "Accept": "application/json"}
    vendor = Vendor(NAME, base, rate=_RATE, headers=headers)
    return BraveSearch(VendorClient(vendor, buckets=DynamoBuckets(utc_now), outcomes=DynamoOutcomes(utc_now)))


def _kept(answer: VendorAnswer) -> Mapping[str, Any]:
    try:
        results = answer.json()["web"]["results"]
        return {"web": {"results": [_result(result) for result in results[:_RESULTS]]}}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"web": {"results": []}}  # Brave leaves `web` out where nothing is found


def _result(hit: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in _KEPT:
        value = hit.get(name)
        if isinstance(value, str):
            kept[name] = value[:_LONGEST]
        elif isinstance(value, list):
            kept[name] = [str(text)[:_LONGEST] for text in value[:5]]
    return kept


def _code(answer: VendorAnswer) -> str:
    try:
        return str(answer.json()["error"]["code"])[:64]
    except (ValueError, TypeError, KeyError):
        return ""

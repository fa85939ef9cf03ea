"""Calls to platforms: through the vendors' client, or for hosts that customers name through the one that reaches public
addresses only. Nothing is repeated here: a sync that has to wait gives its process back."""

import json
import os
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from groundswell.integrations.addressing import Places
from groundswell.integrations.platform import Call
from groundswell.integrations.problems import Problem, Reply
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Overloaded, Unavailable
from groundswell.outbound.adapter_keys import vendor_key
from groundswell.outbound.adapter_outcomes import DynamoOutcomes
from groundswell.outbound.model import Bounds, CallFailed, TargetRefused

if TYPE_CHECKING:
    from groundswell.outbound.adapter import SafeClient

_PATIENCE = 40.0
_BOUNDS = Bounds(seconds=_PATIENCE, size=20_000_000)


class PlatformHttp:
    async def send(self, client_id: str, platform: str, url: str, call: Call, *, foreign: bool) -> Reply:
        if foreign:
            return await self._send_safely(client_id, url, call)
        from groundswell.outbound.adapter_vendor import Vendor, VendorClient  # asyncio: not for every cold start

        parts = urlsplit(url)
        client = VendorClient(
            Vendor(platform, f"{parts.scheme}://{parts.netloc}"), outcomes=_outcomes(), patience=_PATIENCE, attempts=1
        )
        try:
            answer = await client.request(
                call.method,
                url.removeprefix(f"{parts.scheme}://{parts.netloc}"),
                headers=call.headers,
                body=call.body,
                form=call.form,
            )
        except Overloaded as error:
            raise Problem("throttled", str(error), error.outage.retry_after) from error
        except Unavailable as error:
            raise Problem("transient", str(error)) from error
        return Reply(answer.status, answer.headers, answer.body)

    @staticmethod
    async def _send_safely(client_id: str, url: str, call: Call) -> Reply:
        content, kind = _content(call)
        headers = {**call.headers, **({"content-type": kind} if kind else {})}
        try:
            answer = await _safe_client().send(
                client_id, call.method, url, headers=headers, content=content, bounds=_BOUNDS
            )
        except TargetRefused as refused:
            raise Problem("bad_request", f"the address {refused.reason}") from refused
        except CallFailed as failure:
            raise Problem("transient", str(failure), failure.retry_after or None) from failure
        if answer.truncated:
            raise Problem("bad_request", "the answer is too large")
        return Reply(answer.status, answer.headers, answer.body)


def places(platform: str) -> Places:
    """What the stage says of a platform."""
    name = platform.upper()
    app = {
        "client_id": os.environ.get(f"{name}_CLIENT_ID", ""),
        "client_secret": vendor_key(f"{name}_CLIENT_SECRET"),
    }
    return Places(os.environ.get(f"{name}_URL", ""), os.environ.get(f"{name}_AUTH_URL", ""), app)


def _content(call: Call) -> tuple[bytes, str]:
    if call.form is not None:
        return urlencode(call.form).encode(), "application/x-www-form-urlencoded"
    if call.body is not None:
        return json.dumps(call.body).encode(), "application/json"
    return b"", ""


@cache
def _outcomes() -> DynamoOutcomes:
    return DynamoOutcomes(utc_now)


@cache
def _safe_client() -> "SafeClient":
    # Its HTTP client is for hosts that customers name: few.
    from groundswell.outbound.adapter import SafeClient, loopback_peers, own_places
    from groundswell.outbound.adapter_limits import DynamoBuckets, DynamoCircuits

    return SafeClient(
        loopback_peers(),
        circuits=DynamoCircuits(utc_now),
        buckets=DynamoBuckets(utc_now),
        own=own_places(os.environ.get("PUBLIC_URL", "")),
    )

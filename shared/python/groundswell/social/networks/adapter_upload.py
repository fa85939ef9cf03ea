"""Sends a file's bytes to the address that a network named for it."""

from collections.abc import Mapping
from typing import cast

from groundswell.kernel.errors import Outage, Unavailable
from groundswell.social.networks.port import Refused

_SECONDS = 60.0


async def upload_bytes(url: str, content: bytes, headers: Mapping[str, str]) -> str:
    """The answer's ETag, or nothing. Raises Refused, Unavailable. Sending it again does no harm (RFC 9110 §9.2.2)."""
    import httpx  # a tenth of a second at cold start

    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            answer = await client.put(url, content=content, headers=dict(headers))
    except httpx.HTTPError as error:
        raise Unavailable(Outage("LinkedIn", 60)) from error
    if answer.status_code >= 500:
        raise Unavailable(Outage("LinkedIn", 60))
    if answer.status_code >= 400:
        raise Refused(f"the upload was refused: HTTP {answer.status_code}")
    return cast("str", answer.headers.get("etag", ""))

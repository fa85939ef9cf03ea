"""Messages to a tenant's own Slack, each at most once: an incoming webhook has no id by which Slack knows repeats."""

import json

from groundswell.outbound.adapter import SafeClient
from groundswell.outbound.model import Bounds, CallFailed, TargetRefused
from groundswell.schedules.service import Claim
from groundswell.schedules.store import DynamoRuns

_BOUNDS = Bounds(seconds=10, connect_seconds=5, size=2000)
_FOR_EVER = 14 * 24 * 3600
"""Longer than a queue keeps a message: who died while posting is followed by nobody."""
_NEVER_ARRIVED = frozenset({"connect", "tls", "circuit_open", "budget"})
_TOO_MANY = 429


class SlackLater(Exception):
    """Slack did not take it, and may later."""


async def post(client: SafeClient, runs: DynamoRuns, client_id: str, key: str, due: str, url: str, text: str) -> str:
    """`sent`, `failed` (Slack refused it), or `unknown` where it may have arrived. Raises SlackLater."""
    claim = runs.claim(f"slack#{client_id}#{key}", due, _FOR_EVER)
    if claim is not Claim.OURS:
        return "sent" if claim is Claim.DONE else "unknown"
    state = await _post(client, client_id, url, text)
    if state == "later":
        runs.release(f"slack#{client_id}#{key}", due)
        raise SlackLater
    runs.finish(f"slack#{client_id}#{key}", due)
    return state


async def _post(client: SafeClient, client_id: str, url: str, text: str) -> str:
    body = json.dumps({"text": text[:30_000]}).encode()
    try:
        answer = await client.send(
            client_id, "POST", url, headers={"content-type": "application/json"}, content=body, bounds=_BOUNDS
        )
    except TargetRefused:
        return "failed"
    except CallFailed as error:
        return "later" if error.failure in _NEVER_ARRIVED else "unknown"
    if answer.status == _TOO_MANY:
        return "later"
    return "sent" if answer.ok else "failed"

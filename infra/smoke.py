"""What a deployment must do before anybody trusts it: `groundswell smoke URL`."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx

EVENT = "Deployment Checked"
SECONDS = 60  # within which an event is counted: 20 at most, all in, on a stage that is warm
_PAUSE = 2
_REQUEST_SECONDS = 30
_HOUR = timedelta(hours=1)


class SmokeError(RuntimeError):
    """The deployment does not do what it must. The message says what it did instead."""


@dataclass(frozen=True)
class Target:
    """`url` is the API's. `ingest_url` is what SDKs post to, where that is another. `key` is an API key that may
    `events:write` and `analytics:read`; without it no event is sent."""

    url: str
    ingest_url: str = ""
    key: str = ""


def deployed(outputs: Path, key: str) -> Target:
    """From the file of `cdk deploy --outputs-file`. Raises SmokeError where no stack says where the API is."""
    stacks: dict[str, dict[str, str]] = json.loads(outputs.read_text())
    values = {name: value for stack in stacks.values() for name, value in stack.items()}
    if "ApiUrl" not in values:
        raise SmokeError(f"{outputs} has no output ApiUrl")
    return Target(values["ApiUrl"], values.get("IngestUrl", ""), key)


def smoke(target: Target, patience: float = SECONDS) -> Iterator[str]:
    """What was found right, one by one. Raises SmokeError for the first that is not."""
    with httpx.Client(timeout=_REQUEST_SECONDS, headers={"user-agent": "groundswell-smoke"}) as http:
        _check_health(http, target.url)
        yield "it is healthy"
        _check_unknown_path(http, target.url)
        yield "a path that nobody owns is a 404, as problem+json"
        if target.key:
            seconds = _check_event(http, target, patience)
            yield f"an event was counted after {seconds:.0f} s"
        else:
            yield "LEFT OUT: no event was sent, for want of an API key"


def _check_health(http: httpx.Client, url: str) -> None:
    answer = http.get(f"{url}/api/v1/health")
    _expect(answer, 200)


def _check_unknown_path(http: httpx.Client, url: str) -> None:
    answer = http.get(f"{url}/api/v1/nobody-owns-this-{uuid4().hex}")
    _expect(answer, 404)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind != "application/problem+json":
        raise SmokeError(f"{answer.request.url} answered {kind or 'no content type'}, not application/problem+json")


def _check_event(http: httpx.Client, target: Target, patience: float) -> float:
    """How many seconds it took."""
    began = time.monotonic()
    before = _count(http, target)
    event = {"eventName": EVENT, "eventId": str(uuid4()), "userId": "groundswell-smoke"}
    posted = http.post(f"{target.ingest_url or target.url}/sdk/event", json=event, headers={"x-api-key": target.key})
    _expect(posted, 202)
    _wait_until(lambda: _count(http, target) > before, patience)
    return time.monotonic() - began


def _count(http: httpx.Client, target: Target) -> int:
    now = datetime.now(UTC)
    period = {"from": (now - _HOUR).isoformat(), "to": (now + _HOUR).isoformat(), "granularity": "hour"}
    answer = http.get(
        f"{target.url}/api/v1/analytics/metrics",
        params={"metric": "events", "name": EVENT, **period},
        headers={"x-api-key": target.key},
    )
    _expect(answer, 200)
    return int(answer.json()["data"]["count"])


def _wait_until(done: Callable[[], bool], patience: float) -> None:
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            raise SmokeError(f"the event was accepted and is not counted after {patience:.0f} s")
        time.sleep(_PAUSE)


def _expect(answer: httpx.Response, status: int) -> None:
    if answer.status_code != status:
        raise SmokeError(f"{answer.request.url} answered {answer.status_code}, not {status}: {answer.text[:300]}")

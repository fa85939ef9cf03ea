"""Warm requests through the whole Lambda handler: identity, envelope and paging done, the store faked."""

import statistics
import sys
from collections.abc import Callable
from typing import Any

from tests.benchmarks import samples
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.packages import PEERS
from tests.benchmarks.paired import in_turns, ratio
from tests.benchmarks.report import Figure, Say, at_most, table

_PAGE = 20
_HELLO, _AGAIN = "FastAPI+Mangum hello", "the same again (A/A)"
_LISTED = f"clients: a page of {_PAGE} and its next cursor"


def measure(say: Say, *, turns: int, repeats: int) -> tuple[list[Figure], str]:
    say(f"{turns} turns of {repeats} requests each")
    with CannedAws() as aws:
        environ = {**function_environment("clients"), **aws.environment, "PRINCIPAL_CACHE_SECONDS": "3600"}
        times = isolated("tests.benchmarks.warm_request", environ, turns=turns, repeats=repeats)
    noise = ratio(times[_AGAIN], times[_HELLO])
    rows = [
        (name, f"{statistics.median(spent) * 1e6:.0f}", f"{ratio(spent, times[_HELLO]):.2f}")
        for name, spent in times.items()
    ]
    title = (
        f"Warm request: CPU time through the Lambda handler, {turns} turns of {repeats} requests in one process "
        "(from the virtual environment).\nThe caller's identity is cached, as in a warm environment; stores are faked."
    )
    trusted = 0.95 <= noise <= 1.05
    figure = at_most(f"warm request, {_LISTED}", ratio(times[_LISTED], times[_HELLO]), 1.3, trusted=trusted)
    return [figure], table(title, ("request", "µs", "to hello"), rows)


def main(turns: int, repeats: int) -> dict[str, list[float]]:
    """In a process of its own, because functions read their environment."""
    sys.path.insert(0, str(PEERS))
    from hello import handler as hello

    greeting = samples.http_event("GET", "/hello")
    work: dict[str, Callable[[], object]] = {
        _HELLO: lambda: _answered(hello, greeting),
        _AGAIN: lambda: _answered(hello, greeting),
        **_clients(),
    }
    return in_turns(work, turns=turns, repeats=repeats)


def _clients() -> dict[str, Callable[[], object]]:
    from functions.clients.handler import handler
    from functions.clients.routes import client_service

    # Not by app.dependency_overrides: with any override FastAPI analyses all dependencies again at every request.
    client_service()._store = _store()
    bearer = f"Bearer {samples.access_token()}"
    listed = samples.http_event("GET", "/api/v1/clients", f"limit={_PAGE}", authorization=bearer)
    one = samples.http_event("GET", f"/api/v1/clients/{samples.CLIENT_IDS[0]}", authorization=bearer)
    role = samples.http_event("GET", f"/api/v1/clients/{samples.CLIENT_IDS[0]}/role", authorization=bearer)
    return {
        _LISTED: lambda: _answered(handler, listed),
        "clients: one, with its ETag": lambda: _answered(handler, one),
        "clients: my role": lambda: _answered(handler, role),
    }


def _store() -> Any:
    """Twenty of twenty-one clients, and one by its id."""
    from groundswell.kernel.page import Page
    from groundswell.tenancy.clients.model import Client

    clients = tuple(samples.client(client_id) for client_id in samples.CLIENT_IDS[:_PAGE])

    class Store:
        def of_org(self, _org_id: str, _limit: int, _position: object) -> Page[Client]:
            return Page(clients, {"id": clients[-1].id})

        def find(self, _client_id: str) -> Client:
            return clients[0]

    return Store()


def _answered(handler: Callable[[dict[str, Any], Any], dict[str, Any]], event: dict[str, Any]) -> None:
    answer = handler(event, None)
    assert answer["statusCode"] == 200, answer

"""Requests with a real client: botocore asks a loopback endpoint that answers at once, here and in a naive peer."""

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
_JOBS = {
    f"a page of {_PAGE}": ("/api/v1/clients", f"limit={_PAGE}"),
    "one": (f"/api/v1/clients/{samples.CLIENT_IDS[0]}", ""),
}


def measure(say: Say, *, turns: int, repeats: int) -> tuple[list[Figure], str]:
    say(f"{turns} turns of {repeats} requests each")
    with CannedAws() as aws:
        environ = {**function_environment("clients"), **aws.environment, "PRINCIPAL_CACHE_SECONDS": "3600"}
        times = isolated("tests.benchmarks.client_request", environ, turns=turns, repeats=repeats)
    rows, figures = [], []
    for job in _JOBS:
        ours, naive, again = (times[f"{job}, {who}"] for who in ("ours", "naive", "naive again"))
        shown = (f"{statistics.median(durations) * 1e3:.2f}" for durations in (ours, naive))
        rows.append((job, *shown, f"{ratio(ours, naive):.2f}", f"{ratio(again, naive):.2f}"))
        trusted = 0.95 <= ratio(again, naive) <= 1.05
        figures.append(
            at_most(f"request with a real client, {job}, to naive", ratio(ours, naive), 0.6, trusted=trusted)
        )
    title = (
        f"A request with a real client: CPU time through the Lambda handler, {turns} turns of {repeats} requests in "
        "one process; DynamoDB is a loopback server that answers at once.\nBoth remember who calls; naive is FastAPI "
        "with a boto3 resource and sync routes."
    )
    return figures, table(title, ("clients", "ours ms", "naive ms", "to naive", "A/A"), rows)


def main(turns: int, repeats: int) -> dict[str, list[float]]:
    """In a process of its own, because functions read their environment."""
    sys.path.insert(0, str(PEERS))
    import naive_clients

    from functions.clients.handler import handler as ours

    naive_clients.SECRETS[samples.SIGNING["kid"]] = samples.SIGNING["secret"]
    bearer = f"Bearer {samples.access_token()}"
    work: dict[str, Callable[[], object]] = {}
    for job, (path, query) in _JOBS.items():
        event = samples.http_event("GET", path, query, authorization=bearer)
        for who, handler in {
            "ours": ours,
            "naive": naive_clients.handler,
            "naive again": naive_clients.handler,
        }.items():
            work[f"{job}, {who}"] = _call(handler, event)
    return in_turns(work, turns=turns, repeats=repeats)


def _call(handler: Callable[[dict[str, Any], Any], dict[str, Any]], event: dict[str, Any]) -> Callable[[], None]:
    def call() -> None:
        answer = handler(event, None)
        assert answer["statusCode"] == 200, answer

    return call

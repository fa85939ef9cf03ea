"""A batch of a hundred events through the whole `ingest` handler, its store faked, beside a FastAPI body model."""

import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from tests.benchmarks import samples
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.packages import PEERS
from tests.benchmarks.paired import in_turns, ratio
from tests.benchmarks.report import Figure, Say, at_least, at_most, table

_EVENTS = 100
_PEER, _AGAIN, _OURS = "FastAPI body model, nothing else", "the same again (A/A)", "ingest: JSON"


def measure(say: Say, *, turns: int, repeats: int) -> tuple[list[Figure], str]:
    say(f"{turns} turns of {repeats} batches each")
    environ = function_environment("ingest")
    times = isolated("tests.benchmarks.ingest_batch", environ, turns=turns, repeats=repeats)
    with CannedAws() as aws:
        calls = isolated("tests.benchmarks.ingest_calls", {**environ, **aws.environment}, batches=20)
        made = list(aws.calls)
    rows = [
        (name, f"{statistics.median(spent) * 1e3:.2f}", f"{_rate(spent):,.0f}", f"{ratio(spent, times[_PEER]):.2f}")
        for name, spent in times.items()
    ]
    trusted = 0.95 <= ratio(times[_AGAIN], times[_PEER]) <= 1.05
    figures = [
        at_most("100-event batch to FastAPI body model", ratio(times[_OURS], times[_PEER]), 0.20, trusted=trusted),
        at_least("events/s per core through ingest", _rate(times[_OURS]), 4000, trusted=trusted),
        at_most("AWS calls, a client's first batch", len(made) - (calls - 1), 3, spell="{:.0f}"),
        at_most("AWS calls per ingested batch", len(made) / calls, 3),
    ]
    title = (
        f"Ingest: CPU time of a batch of {_EVENTS} events of ~570 bytes through the Lambda handler, {turns} turns of "
        f"{repeats} (from the virtual environment).\nValidation, identity, packing and compression included, store "
        "faked. The peer only parses and validates."
    )
    return figures, table(title, ("batch", "ms", "events/s", "to peer"), rows)


def _rate(spent: Sequence[float]) -> float:
    return _EVENTS / statistics.median(spent)


def main(turns: int, repeats: int) -> dict[str, list[float]]:
    """In a process of its own, because functions read their environment."""
    sys.path.insert(0, str(PEERS))
    from batch import handler as peer

    messages = samples.Visitors().messages(_EVENTS)
    event, zipped = samples.batch_event(messages), samples.batch_event(messages, zipped=True)
    ours = _ingest()
    theirs = event | {"rawPath": "/v1/batch"}
    work: dict[str, Callable[[], object]] = {
        _PEER: lambda: _answered(peer, theirs),
        _AGAIN: lambda: _answered(peer, theirs),
        _OURS: lambda: _answered(ours, event),
        "ingest: gzip": lambda: _answered(ours, zipped),
    }
    return in_turns(work, turns=turns, repeats=repeats)


def _ingest() -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    from functions.ingest import handler as module
    from functions.ingest.keyring import Keyring
    from functions.ingest.routes import Ingest
    from groundswell.access.model import KeyGrant
    from groundswell.ingest.service import IngestService
    from groundswell.kernel.clock import utc_now
    from groundswell.kernel.ids import new_id

    class Keys:
        def presented(self, public_id: str, _secret_hash: str, _at: int) -> KeyGrant:
            key = samples.KEY
            scopes = frozenset(scope.value for scope in key.scopes)
            return KeyGrant(public_id, key.client_id, key.org_id, key.secret_hash, scopes, True, None)

        def note_use(self, _public_id: str, _at: int) -> None:
            pass

    class Writer:
        def append(self, _log: object, blocks: Sequence[bytes], _received: int) -> list[str]:
            return ["B#" for _ in blocks]

    ingest = Ingest(Keyring(Keys(), utc_now, timedelta(hours=1)), IngestService(Writer(), utc_now, new_id))
    module.ingest = lambda: ingest  # type: ignore[assignment]
    return module.handler


def _answered(handler: Callable[[dict[str, Any], Any], dict[str, Any]], event: dict[str, Any]) -> None:
    answer = handler(event, None)
    assert answer["statusCode"] == 200, answer
    assert f'"accepted":{_EVENTS}' in answer["body"], answer

"""A batch of a hundred events through the whole `ingest` handler, beside a FastAPI function that does the same job."""

import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from os import urandom
from typing import Any

from tests.benchmarks import samples
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.packages import PEERS
from tests.benchmarks.paired import in_turns, ratio
from tests.benchmarks.report import Figure, Say, at_least, at_most, table

_EVENTS = 100
_ITEMS, _AGAIN = "FastAPI, an item an event", "the same again (A/A)"
_MODEL, _OURS = "FastAPI body model, nothing else", "ingest: JSON"
_SENT, _OURS_SENT = "FastAPI, an item an event, with botocore", "ingest: JSON, with botocore"


def measure(say: Say, *, turns: int, repeats: int) -> tuple[list[Figure], str]:
    say(f"{turns} turns of {repeats} batches each")
    environ = function_environment("ingest")
    with CannedAws() as aws:
        times = isolated("tests.benchmarks.ingest_batch", {**environ, **aws.environment}, turns=turns, repeats=repeats)
    say("counting AWS calls")
    with CannedAws() as aws:
        calls = isolated("tests.benchmarks.ingest_calls", {**environ, **aws.environment}, batches=20)
        made = list(aws.calls)
    trusted = 0.95 <= ratio(times[_AGAIN], times[_ITEMS]) <= 1.05
    figures = [
        at_most(
            "100-event batch to FastAPI doing the same job", ratio(times[_OURS], times[_ITEMS]), 0.20, trusted=trusted
        ),
        Figure("… both with botocore", f"{ratio(times[_OURS_SENT], times[_SENT]):.2f}"),
        Figure("… to a FastAPI body model that only validates", f"{ratio(times[_OURS], times[_MODEL]):.2f}"),
        at_least("events/s per core through ingest", _rate(times[_OURS]), 4000),
        at_most("AWS calls, a client's first batch", len(made) - (calls - 1), 3, spell="{:.0f}"),
        at_most("AWS calls per ingested batch", len(made) / calls, 3),
    ]
    return figures, _table(times, turns, repeats)


def _table(times: dict[str, list[float]], turns: int, repeats: int) -> str:
    rows = [
        (name, f"{statistics.median(spent) * 1e3:.2f}", f"{_rate(spent):,.0f}", f"{ratio(spent, times[_ITEMS]):.2f}")
        for name, spent in times.items()
    ]
    title = (
        f"Ingest: CPU time of a batch of {_EVENTS} events of ~570 bytes through the Lambda handler, {turns} turns of "
        f"{repeats} (from the virtual environment).\nOurs and `an item an event` do the whole job: key checked, events "
        "validated, identified, made into items for a faked client.\n`With botocore` the client is a real one and AWS "
        "a local server. `Nothing else` parses, validates and answers."
    )
    return table(title, ("batch", "ms", "events/s", "to items"), rows)


def _rate(spent: Sequence[float]) -> float:
    return _EVENTS / statistics.median(spent)


def main(turns: int, repeats: int) -> dict[str, list[float]]:
    """In a process of its own, because functions read their environment."""
    sys.path.insert(0, str(PEERS))
    from batch import handler as model

    messages = samples.Visitors().messages(_EVENTS)
    event, zipped = samples.batch_event(messages), samples.batch_event(messages, zipped=True)
    items, sent_items = _items()
    ours, sent = _ingest()
    work: dict[str, Callable[[], object]] = {
        _ITEMS: lambda: _answered(items, event),
        _AGAIN: lambda: _answered(items, event),
        _MODEL: lambda: _answered(model, event),
        _OURS: lambda: _answered(ours, event),
        "ingest: gzip": lambda: _answered(ours, zipped),
        _SENT: lambda: _answered(sent_items, event),
        _OURS_SENT: lambda: _answered(sent, event),
    }
    return in_turns(work, turns=turns, repeats=repeats)


type _Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class _FakeClient:
    """Where our code ends and boto3 begins."""

    def put_item(self, **_: Any) -> dict[str, Any]:
        return {"ResponseMetadata": {"RetryAttempts": 0}}

    def batch_write_item(self, **_: Any) -> dict[str, Any]:
        return {"UnprocessedItems": {}}


def _items() -> tuple[_Handler, _Handler]:
    """The peer with a faked client, and with a real one."""
    import items

    from groundswell.storage.client import dynamodb

    items.KEYS[samples.API_KEY] = (samples.CLIENT_IDS[0], sha256(samples.API_KEY.encode()).hexdigest())

    def with_client(client: Any) -> _Handler:
        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            items.store = client
            answer: dict[str, Any] = items.handler(event, context)
            return answer

        return handler

    return with_client(_FakeClient()), with_client(dynamodb())


def _ingest() -> tuple[_Handler, _Handler]:
    """Ours with a faked client, and with a real one."""
    from functions.ingest import handler as module
    from functions.ingest.keyring import Keyring
    from functions.ingest.routes import Ingest
    from groundswell.access.model import KeyGrant
    from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
    from groundswell.events.ingest.service import IngestService
    from groundswell.kernel.clock import utc_now
    from groundswell.kernel.ids import new_id
    from groundswell.storage.client import dynamodb

    class Keys:
        def presented(self, public_id: str, _secret_hash: str, _at: int) -> KeyGrant:
            key = samples.KEY
            scopes = frozenset(scope.value for scope in key.scopes)
            return KeyGrant(public_id, key.client_id, key.org_id, key.secret_hash, scopes, True, None)

        def note_use(self, _public_id: str, _at: int) -> bool:
            return True

    def with_client(client: Any) -> _Handler:
        writer = DynamoBlockWriter(client, "events", random=lambda: urandom(6).hex())
        wired = Ingest(Keyring(Keys(), utc_now, timedelta(hours=1)), IngestService(writer, utc_now, new_id))

        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            module.ingest = lambda: wired  # type: ignore[assignment]
            return module.handler(event, context)

        return handler

    return with_client(_FakeClient()), with_client(dynamodb())


def _answered(handler: Callable[[dict[str, Any], Any], dict[str, Any]], event: dict[str, Any]) -> None:
    answer = handler(event, None)
    assert answer["statusCode"] == 200, answer
    assert f'"accepted":{_EVENTS}' in answer["body"], answer

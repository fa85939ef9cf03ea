"""Points of metrics in the client's log of metrics, which the rollups' consumer counts."""

from collections.abc import Sequence
from functools import lru_cache
from os import urandom

import msgspec

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.block import encode
from groundswell.events.eventlog.model import Event, metric_log
from groundswell.integrations.figures import Difference
from groundswell.kernel.clock import millis, utc_now
from groundswell.kernel.ids import new_id
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, put_row


def changes_of(client_id: str, differences: Sequence[Difference]) -> list[Change]:
    """One block, for the transaction of the rows that they are of; nothing where nothing differs."""
    if not differences:
        return []
    _registered(client_id)
    log, received = metric_log(client_id), millis(utc_now())
    name = keys.block(received, urandom(6).hex(), spread=False)
    row = {
        "pk": {"S": keys.partition(log)},
        "sk": {"S": name},
        "d": {"B": encode([_event(difference) for difference in differences], received)},
    }
    return [put_row("events", row)]


def _event(point: Difference) -> Event:
    dimensions = {"platform": point.platform, "account_id": point.account_id}
    return Event(
        id=new_id(),
        kind="metric",
        name=point.name,
        ts=millis(point.at),
        value=f"{point.value:f}",
        properties=msgspec.json.encode(dimensions),
        source=msgspec.json.encode({"protocol": "integrations"}),
    )


@lru_cache(1_000)
def _registered(client_id: str) -> None:
    """Whoever looks after logs finds this one. Once a process: saying it again changes nothing."""
    line = {"pk": {"S": keys.LOGS}, "sk": {"S": keys.partition(metric_log(client_id))}}
    dynamodb().put_item(TableName=table_name("events"), Item=line)

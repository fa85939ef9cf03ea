"""Verdicts in DynamoDB (how they lie there: `items`)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from groundswell.kernel.message import Message
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.client import dynamodb
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, put_row, write
from groundswell.validation.events import verdict_turned
from groundswell.validation.items import (
    domain_key,
    domain_row,
    read_domain,
    read_verdict,
    verdict_key,
    verdict_row,
)
from groundswell.validation.model import DOMAIN_FOR, TIMER, Checked, Domain

_TOGETHER = 30
"""Verdicts of one transaction: each is a row, a timer and perhaps a message."""


class DynamoVerdictStore:
    """`queue` is whose consumer checks again. `on_leads` tells leads of their verdicts."""

    def __init__(
        self,
        queue: str,
        now: Callable[[], datetime],
        on_leads: Callable[[str, Sequence[Checked]], None],
    ) -> None:
        self._queue = queue
        self._now = now
        self._on_leads = on_leads

    def find(self, client_id: str, ids: Collection[str]) -> Mapping[str, Checked]:
        rows = self._fresh([verdict_key(client_id, identifier) for identifier in sorted(ids)])
        return {check.id: check for check in map(read_verdict, rows)}

    def save(self, client_id: str, checked: Sequence[Checked], turned: Collection[str] = ()) -> None:
        for batch in batched(checked, _TOGETHER, strict=False):
            changes = [change for message in batch for change in self._changes(client_id, message)]
            messages: list[Message] = [verdict_turned(client_id, message) for message in batch if message.id in turned]
            write(changes, messages)
        self._on_leads(client_id, checked)

    def domains(self, names: Collection[str]) -> Mapping[str, Domain]:
        rows = self._fresh([domain_key(name) for name in sorted(names)])
        return {domain.name: domain for domain in map(read_domain, rows)}

    def save_domain(self, domain: Domain) -> None:
        row = domain_row(domain, int((self._now() + DOMAIN_FOR).timestamp()))
        dynamodb().put_item(TableName=table_name("ephemeral"), Item=row)

    def _changes(self, client_id: str, checked: Checked) -> Iterator[Change]:
        yield put_row("ephemeral", verdict_row(client_id, checked))
        if checked.recheck_at:
            yield set_timer(Timer(client_id, TIMER, checked.id, checked.recheck_at, self._queue))
        elif checked.attempts:
            yield cancel_timer(client_id, TIMER, checked.id)

    def _fresh(self, keys: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """DynamoDB deletes what has expired in its own time."""
        now = self._now().timestamp()
        rows = get_rows("ephemeral", keys) if keys else []
        return [row for row in rows if int(row["expires_at"]["N"]) > now]

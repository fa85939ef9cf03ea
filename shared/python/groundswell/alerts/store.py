"""Alerts, their states, instances and silences in DynamoDB. An evaluation reads once and writes one transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from groundswell.alerts.instances import Instance, Status
from groundswell.alerts.items import (
    ALERT,
    SILENCE,
    STATE,
    AlertItem,
    InstanceItem,
    SilenceItem,
    StateItem,
    alert_item,
    alerts_pk,
    instance_item,
    instances_pk,
    silence_item,
    state_item,
    versioned,
)
from groundswell.alerts.model import Alert, Silence
from groundswell.alerts.ports import EVALUATE, Step
from groundswell.alerts.state import State
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.ids import first_id_at
from groundswell.kernel.page import Page, Position
from groundswell.mailer.store import mail_states
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.client import dynamodb
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, find_many, get_rows, list_page
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, check_version, delete, put, write

_LOOKED_AT = 200
_QUERIES_AT_MOST = 10
SILENCES_AT_MOST = 200


type Loaded = tuple[Alert | None, State]


class DynamoAlertStore:
    def load(self, client_id: str, alert_id: str) -> Loaded:
        return self.load_many([(client_id, alert_id)])[client_id, alert_id]

    def load_many(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Loaded]:
        """Of clients and ids of alerts; one call for fifty."""
        places = [
            (alerts_pk(client_id), f"{prefix}{alert_id}") for client_id, alert_id in wanted for prefix in (ALERT, STATE)
        ]
        raw_rows = get_rows("core", [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in places])
        rows = {(row["pk"]["S"], row["sk"]["S"]): row for row in raw_rows}
        return {pair: _loaded(rows, *pair) for pair in wanted}

    def states(self, client_id: str, alert_ids: Sequence[str]) -> tuple[State, ...]:
        """Of those that were evaluated."""
        return find_many(State, StateItem, [(alerts_pk(client_id), f"{STATE}{alert_id}") for alert_id in alert_ids])

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Alert]:
        """Oldest first."""
        return list_page(Alert, AlertItem, alerts_pk(client_id), ALERT[:-1], limit, position, own_keys=True)

    def save(self, alert: Alert, timer: Timer | None, entry: Entry) -> Alert:
        """Its timer with it, or none. Raises PreconditionFailed if someone else wrote first."""
        item = alert_item(alert)
        timed = set_timer(timer) if timer else cancel_timer(alert.client_id, EVALUATE, alert.id)
        write([put(item), timed, note(entry)])
        return versioned(alert, item)

    def remove(self, alert: Alert, state: State, entry: Entry) -> None:
        gone = [delete(state_item(state))] if state.version else []
        write([delete(alert_item(alert)), *gone, cancel_timer(alert.client_id, EVALUATE, alert.id), note(entry)])

    def advance(self, step: Step) -> State:
        item = state_item(step.after)
        write([put(item), *changes(step)], step.messages)
        return versioned(step.after, item)

    def instances(self, client_id: str, ids: Sequence[str]) -> tuple[Instance, ...]:
        return find_many(
            Instance, InstanceItem, [(instances_pk(client_id), identifier) for identifier in ids], consistent=True
        )

    def instance(self, client_id: str, instance_id: str) -> Instance | None:
        return find(Instance, InstanceItem, instances_pk(client_id), instance_id)

    def save_instance(self, instance: Instance) -> Instance:
        item = instance_item(instance)
        write([put(item)])
        return versioned(instance, item)

    def instance_page(
        self,
        client_id: str,
        statuses: Sequence[Status],
        alert_id: str | None,
        span: tuple[datetime | None, datetime | None],
        limit: int,
        position: Position | None,
    ) -> Page[Instance]:
        """Newest first, of those that began in [from, to). With a filter a page may be short, and have a next one."""
        start, end = span
        first = first_id_at(start) if start else "!"
        last = _before(str(position["id"])) if position else _before(first_id_at(end)) if end else "~"
        instances = list[Instance]()
        for looked, instance in enumerate(self._newest(client_id, first, last), 1):
            if (not statuses or instance.status in statuses) and alert_id in (None, instance.alert_id):
                instances.append(instance)
            if len(instances) > limit:
                return Page(tuple(instances[:limit]), {"id": instances[limit - 1].id})
            if looked == _LOOKED_AT * _QUERIES_AT_MOST:
                return Page(tuple(instances), {"id": instance.id})
        return Page(tuple(instances))

    def _newest(self, client_id: str, first: str, last: str) -> Iterator[Instance]:
        if first > last:
            return
        pages: Any = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("core"),
                KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                ExpressionAttributeValues={
                    ":pk": {"S": instances_pk(client_id)},
                    ":first": {"S": first},
                    ":last": {"S": last},
                },
                ConsistentRead=True,
                ScanIndexForward=False,
                PaginationConfig={"PageSize": _LOOKED_AT},
            )
        )
        for page in pages:
            for row in page["Items"]:
                yield from_item(Instance, InstanceItem.from_raw_data(row))

    def mails(self, ids: Sequence[str]) -> Mapping[str, str]:
        """What became of them, as far as the mailer remembers."""
        return mail_states(ids)

    def silences(self, client_id: str) -> tuple[Silence, ...]:
        items = SilenceItem.query(
            alerts_pk(client_id), SilenceItem.sk.startswith(SILENCE), consistent_read=True, limit=SILENCES_AT_MOST
        )
        return tuple(from_item(Silence, item) for item in items)

    def silence(self, client_id: str, silence_id: str) -> Silence | None:
        return find(Silence, SilenceItem, alerts_pk(client_id), f"{SILENCE}{silence_id}")

    def save_silence(self, silence: Silence) -> Silence:
        item = silence_item(silence)
        write([put(item)])
        return versioned(silence, item)

    def remove_silence(self, silence: Silence) -> None:
        write([delete(silence_item(silence))])


def changes(step: Step) -> list[Change]:
    """All of it but the state."""
    client_id = step.after.client_id
    changes = [put(instance_item(instance)) for instance in step.instances]
    changes += [set_timer(timer) for timer in step.timers]
    changes += [cancel_timer(client_id, kind, key) for kind, key in step.cancelled]
    if step.alert is not None:
        alert = step.alert
        key = (alerts_pk(client_id), f"{ALERT}{alert.id}")
        changes.append(check_version(*key, alert.version, PreconditionFailed()))
    return changes


def _loaded(rows: Mapping[tuple[str, str], Any], client_id: str, alert_id: str) -> Loaded:
    pk = alerts_pk(client_id)
    alert, state = rows.get((pk, f"{ALERT}{alert_id}")), rows.get((pk, f"{STATE}{alert_id}"))
    return (
        from_item(Alert, AlertItem.from_raw_data(alert)) if alert else None,
        from_item(State, StateItem.from_raw_data(state)) if state else State(alert_id, client_id),
    )


def _before(instance_id: str) -> str:
    """The end of a range of ids that stops short of this one."""
    return instance_id[:-1] + chr(ord(instance_id[-1]) - 1) + "~"

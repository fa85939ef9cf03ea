"""How alerts are stored, all in the core table.

| pk | sk | what |
|---|---|---|
| `ALERTS#<client>` | `ALERT#<id>` | alert |
| `ALERTS#<client>` | `STATE#<alert>` | what is open and what is still to be told |
| `ALERTS#<client>` | `SILENCE#<id>` | silence |
| `ALERT_INSTANCES#<client>` | `<id>`: by time | instance |
"""

from dataclasses import replace
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.alerts.instances import Instance
from groundswell.alerts.model import Alert, Silence
from groundswell.alerts.state import State
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

ALERT, STATE, SILENCE = "ALERT#", "STATE#", "SILENCE#"


def alerts_pk(client_id: str) -> str:
    return f"ALERTS#{client_id}"


def instances_pk(client_id: str) -> str:
    return f"ALERT_INSTANCES#{client_id}"


class AlertItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    name = UnicodeAttribute()
    alert_type = UnicodeAttribute()
    data_source = UnicodeAttribute()
    condition = JSONAttribute()
    actions = JSONAttribute()
    frequency = JSONAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    description = UnicodeAttribute(null=True)
    is_active = BooleanAttribute()
    is_default = BooleanAttribute()
    mute_windows = JSONAttribute()
    timezone = UnicodeAttribute()


class StateItem(CoreItem):
    alert_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    due = UTCDateTimeAttribute(null=True)
    evaluated_at = UTCDateTimeAttribute(null=True)
    told_at = UTCDateTimeAttribute(null=True)
    verdict = UnicodeAttribute(null=True)
    results = JSONAttribute()
    entries = JSONAttribute()


class SilenceItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    matchers = JSONAttribute()
    starts_at = UTCDateTimeAttribute()
    ends_at = UTCDateTimeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    comment = UnicodeAttribute()


class InstanceItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    alert_id = UnicodeAttribute()
    alert_name = UnicodeAttribute()
    alert_type = UnicodeAttribute()
    status = UnicodeAttribute()
    severity = UnicodeAttribute()
    started_at = UTCDateTimeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    dimensions = JSONAttribute()
    value = UnicodeAttribute(null=True)
    threshold = UnicodeAttribute(null=True)
    ended_at = UTCDateTimeAttribute(null=True)
    task_id = UnicodeAttribute(null=True)
    forced = BooleanAttribute()
    notifications = JSONAttribute()
    history = JSONAttribute()
    acknowledged_until = UTCDateTimeAttribute(null=True)
    escalated_at = UTCDateTimeAttribute(null=True)
    useful = BooleanAttribute(null=True)
    feedback = UnicodeAttribute(null=True)
    provisional = BooleanAttribute(default=False)


def alert_item(alert: Alert) -> AlertItem:
    return to_item(AlertItem, alert, alerts_pk(alert.client_id), f"{ALERT}{alert.id}", kind="alert")


def state_item(state: State) -> StateItem:
    return to_item(StateItem, state, alerts_pk(state.client_id), f"{STATE}{state.alert_id}", kind="alert_state")


def silence_item(silence: Silence) -> SilenceItem:
    return to_item(SilenceItem, silence, alerts_pk(silence.client_id), f"{SILENCE}{silence.id}", kind="silence")


def instance_item(instance: Instance) -> InstanceItem:
    return to_item(InstanceItem, instance, instances_pk(instance.client_id), instance.id, kind="alert_instance")


def versioned[M: Any](model: M, item: CoreItem) -> M:
    """As it is once it was written."""
    written: M = replace(model, version=int(item.version or 0))
    return written

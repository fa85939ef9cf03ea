"""Settings of leads in the core table: `LEADSETTINGS#<client>`, with the count of turns beside them."""

from dataclasses import replace
from typing import Any

from pynamodb.attributes import JSONAttribute, ListAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.leads.settings.model import LeadSettings
from groundswell.storage.client import dynamodb
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.reading import find
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import put, write

_SETTINGS, _TURN = "SETTINGS", "TURN"


class SettingsItem(CoreItem):
    client_id = UnicodeAttribute()
    custom_fields = JSONAttribute()
    stages = JSONAttribute()
    round_robin: ListAttribute[Any] = ListAttribute()
    updated_at = UTCDateTimeAttribute(null=True)
    updated_by = UnicodeAttribute(null=True)


def settings_pk(client_id: str) -> str:
    return f"LEADSETTINGS#{client_id}"


def settings_key(client_id: str) -> dict[str, Any]:
    return {"pk": {"S": settings_pk(client_id)}, "sk": {"S": _SETTINGS}}


def read_settings(row: dict[str, Any]) -> LeadSettings:
    """Of the item at that key."""
    return from_item(LeadSettings, SettingsItem.from_raw_data(row))


class DynamoSettingsStore:
    def settings(self, client_id: str) -> LeadSettings:
        return find(LeadSettings, SettingsItem, settings_pk(client_id), _SETTINGS) or LeadSettings(client_id)

    def save(self, settings: LeadSettings, noted: Entry) -> LeadSettings:
        item = to_item(SettingsItem, settings, settings_pk(settings.client_id), _SETTINGS, kind="lead_settings")
        write([put(item), note(noted)])
        return replace(settings, version=settings.version + 1)

    def next_turn(self, client_id: str) -> int:
        answer = dynamodb().update_item(
            TableName=table_name("core"),
            Key={"pk": {"S": settings_pk(client_id)}, "sk": {"S": _TURN}},
            UpdateExpression="SET kind = :kind ADD turn :one",
            ExpressionAttributeValues={":kind": {"S": "lead_turn"}, ":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["turn"]["N"])

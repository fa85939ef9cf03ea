"""Alerts as personal data: a client's own. They name members, and no persons of the client's."""

from groundswell.alerts.items import alerts_pk, instances_pk
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("alerts", f"core {alerts_pk('{client}')}", f"core {instances_pk('{client}')}"),)

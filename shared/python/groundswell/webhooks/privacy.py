"""Webhooks as personal data: endpoints, and the log of deliveries, which expire after 14 days."""

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.webhooks.items import delivery_pk, endpoint_pk


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("webhooks", f"core {endpoint_pk('{client}')}", f"ephemeral {delivery_pk('{client}')}"),)

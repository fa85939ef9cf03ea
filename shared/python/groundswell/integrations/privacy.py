"""Integrations as personal data: whole partitions of the client's."""

from groundswell.integrations.adapter_facts import ad_rows_pk
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("integrations", f"core {ad_rows_pk('{client}')}"),)

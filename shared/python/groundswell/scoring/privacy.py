"""Scoring as personal data: its configs. A lead's result is a part of the lead, and goes and is told with it."""

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.scoring.items import config_pk


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("scoring", f"core {config_pk('{client}')}"),)

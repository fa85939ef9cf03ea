"""Scoring as personal data: configs, models and tallies. A lead's result is a part of the lead, and goes with it."""

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.scoring.items import config_pk, tally_pk


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("scoring", f"core {config_pk('{client}')}", f"core {tally_pk('{client}')}"),)

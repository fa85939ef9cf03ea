"""Bots as personal data of a client."""

from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (
        Listed("bot_keys", "BOTKEY#", "BOTACCOUNT#"),
        Partitions("bots", "core BOTS#{client}", "ephemeral BOTLOG#{client}"),
    )

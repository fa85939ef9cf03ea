"""Conversations as personal data of a client."""

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("chat", "core CHAT#{client}"),)

"""What people say of events as personal data: a client's own, with who said it."""

from groundswell.analytics.catalogue.store import descriptions_pk
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("event_names", f"core {descriptions_pk('{client}')}"),)

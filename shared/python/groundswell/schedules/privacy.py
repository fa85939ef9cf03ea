"""Timers as personal data: the names of objects, by which features want to be called. They go first, as the catalogue
has it, so that nothing more is set off meanwhile."""

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.schedules.items import partition


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("timers", f"core {partition('{client}')}"),)

"""Reports as personal data: a client's own, with the addresses of those who get them."""

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.reports.items import reports_pk, runs_pk


def personal_data() -> tuple[ClientData, ...]:
    return (Partitions("reports", f"core {reports_pk('{client}')}", f"core {runs_pk('{client}')}"),)

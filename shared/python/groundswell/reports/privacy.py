"""Reports as personal data: a client's own, with the addresses of those who get them."""

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.reports.items import exports_pk, reports_pk, runs_pk


def personal_data() -> tuple[ClientData, ...]:
    places = (f"core {make('{client}')}" for make in (reports_pk, runs_pk, exports_pk))
    return (Partitions("reports", *places),)

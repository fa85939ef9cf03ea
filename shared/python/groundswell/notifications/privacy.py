"""Notifications as personal data: a client's, which lie with the user whom they are for."""

from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (Listed("notifications", "NOTIFICATION#"),)

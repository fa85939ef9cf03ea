"""Invitations to a client as personal data."""

from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (Listed("invitations", "INVITATION#"),)

"""Memberships as personal data. They are of people of the organization, who are no client's persons."""

from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return (Listed("memberships", "MEMBER#"),)

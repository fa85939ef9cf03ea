"""Addresses of offices, not of persons."""

from pathlib import Path

ROLE_LOCALS = frozenset((Path(__file__).parent / "role_locals.txt").read_text().split())


def is_role(email: str) -> bool:
    return email.partition("@")[0].partition("+")[0] in ROLE_LOCALS

"""The keys that sign tokens and cursors: one current, one on its way out, both good for verification."""

import json
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SigningKey:
    kid: str
    secret: bytes


@dataclass(frozen=True)
class SigningKeys:
    current: SigningKey
    previous: SigningKey | None = None

    def find(self, kid: object) -> SigningKey | None:
        return next((key for key in (self.current, self.previous) if key and key.kid == kid), None)


def parse_signing_keys(text: str) -> SigningKeys:
    """From the secret's JSON: `{"kid", "secret", "previous": {"kid", "secret"}?}`. Raises KeyError when malformed."""
    value = json.loads(text)
    previous = value.get("previous")
    return SigningKeys(
        SigningKey(value["kid"], value["secret"].encode()),
        SigningKey(previous["kid"], previous["secret"].encode()) if previous else None,
    )


class KeySource(Protocol):
    def __call__(self, wanted: object = None) -> SigningKeys:
        """The keys; `wanted` is the `kid` they will be asked for."""

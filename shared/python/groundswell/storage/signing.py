"""The keys that sign tokens and cursors: one current, one on its way out, both good for verification."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id

_REFRESH = timedelta(minutes=5)


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


class SigningKeyCache:
    """Reads the secret at most once in five minutes. A rotation keeps the old key valid far longer than that."""

    def __init__(self, read: Callable[[], str], now: Callable[[], datetime]) -> None:
        self._read = read
        self._now = now
        self._keys: SigningKeys | None = None
        self._read_at: datetime | None = None

    def __call__(self) -> SigningKeys:
        now = self._now()
        if self._keys is None or self._read_at is None or not self._read_at <= now < self._read_at + _REFRESH:
            self._keys = parse_signing_keys(self._read())
            self._read_at = now
        return self._keys


@cache
def signing_keys() -> SigningKeyCache:
    """The process's keys, from Secrets Manager (`SECRET_SIGNING`)."""
    return SigningKeyCache(_read_secret, utc_now)


def _read_secret() -> str:
    return secrets().get_secret_value(SecretId=secret_id("signing"))["SecretString"]

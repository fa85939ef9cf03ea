"""The signing keys of this process, read from their secrets."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial

from groundswell.kernel.clock import utc_now
from groundswell.kernel.signing import SigningKeys, parse_signing_keys
from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id

_REFRESH = timedelta(minutes=5)
_LOOK_AGAIN = timedelta(seconds=10)


class SigningKeyCache:
    """Reads the secret at most once in five minutes. A rotation keeps the old key valid far longer than that.

    A `kid` it does not know makes it look again, every ten seconds at most: after a rotation some process signs with
    the new key before the others have read it.
    """

    def __init__(self, read: Callable[[], str], now: Callable[[], datetime]) -> None:
        self._read = read
        self._now = now
        self._keys: SigningKeys | None = None
        self._read_at: datetime | None = None

    def __call__(self, wanted: object = None) -> SigningKeys:
        keys = self._keys
        unknown = keys is not None and wanted is not None and keys.find(wanted) is None
        if keys is None or not self._read_within(_LOOK_AGAIN if unknown else _REFRESH):
            keys = self._keys = parse_signing_keys(self._read())
            self._read_at = self._now()
        return keys

    def _read_within(self, time: timedelta) -> bool:
        return self._read_at is not None and self._read_at <= self._now() < self._read_at + time


@cache
def signing_keys() -> SigningKeyCache:
    """The keys of sessions and cursors, from Secrets Manager (`SECRET_SIGNING`)."""
    return SigningKeyCache(partial(_read_secret, "signing"), utc_now)


@cache
def link_keys() -> SigningKeyCache:
    """The keys of links in mails and pages (`SECRET_LINKS`): nothing rotates them, since links live for years."""
    return SigningKeyCache(partial(_read_secret, "links"), utc_now)


def _read_secret(name: str) -> str:
    return secrets().get_secret_value(SecretId=secret_id(name))["SecretString"]

"""One step: the current key becomes the previous one, a new one becomes current.

Refresh tokens, the longest-lived of what is signed, live 7 days: the previous key must be kept longer than that, so the
schedule's interval must be longer too. Verifiers that meet an unknown key id read the secret again.
"""

import json
from collections.abc import Callable
from typing import Protocol


class SecretStore(Protocol):
    def read(self) -> str:
        """The secret's JSON: `{"kid", "secret", "previous"?}`."""

    def write(self, text: str, once: str) -> None:
        """Replace it. A second write under the same `once` changes nothing."""


class Claims(Protocol):
    def claim(self, schedule: str, due: str) -> bool: ...


class KeyRotationService:
    def __init__(
        self, store: SecretStore, claims: Claims, new_id: Callable[[], str], new_secret: Callable[[int], str]
    ) -> None:
        self._store = store
        self._claims = claims
        self._new_id = new_id
        self._new_secret = new_secret

    def rotate(self, due: str) -> str | None:
        """The new key's id; None when this due time was served before."""
        if not self._claims.claim("key_rotation", due):
            return None
        old = json.loads(self._store.read())
        kid = self._new_id()
        keys = {
            "kid": kid,
            "secret": self._new_secret(48),
            "previous": {"kid": old["kid"], "secret": old["secret"]},
        }
        self._store.write(json.dumps(keys), once=kid)
        return kid

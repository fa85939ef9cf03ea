"""One step: the current key becomes the previous one, a new one becomes current.

Refresh tokens, the longest-lived of what is signed, live 7 days: the previous key must be kept longer than that, so the
schedule's interval must be longer too. Verifiers that meet an unknown key id read the secret again.
"""

import json
from collections.abc import Callable
from typing import Protocol

from groundswell.kernel.ids import hash_secret

_ID_LENGTH = 32  # what Secrets Manager asks of a version's name, at least


class SecretStore(Protocol):
    def read(self) -> str:
        """The secret's JSON: `{"kid", "secret", "previous"?}`."""

    def write(self, text: str, once: str) -> None:
        """Replace it. A second write under the same `once` changes nothing."""


class KeyRotationService:
    def __init__(self, store: SecretStore, new_secret: Callable[[int], str]) -> None:
        self._store = store
        self._new_secret = new_secret

    def rotate(self, due: str) -> str | None:
        """The new key's id; None when this due time was served before.

        The id follows from the due time: a run that failed behind its write must not push the previous key out.
        """
        old = json.loads(self._store.read())
        kid = hash_secret(f"key of {due}")[:_ID_LENGTH]
        if old["kid"] == kid:
            return None
        keys = {
            "kid": kid,
            "secret": self._new_secret(48),
            "previous": {"kid": old["kid"], "secret": old["secret"]},
        }
        self._store.write(json.dumps(keys), once=kid)
        return kid

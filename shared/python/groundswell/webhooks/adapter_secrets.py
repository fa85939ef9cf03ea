"""Secrets of endpoints, sealed with KMS: opened once a process, for a delivery must not cost a call to KMS."""

from functools import lru_cache

from groundswell.storage.sealing import KmsSealer
from groundswell.webhooks.model import Endpoint

_KEY = "credentials"


def seal(client_id: str, endpoint_id: str, secret: bytes) -> str:
    return KmsSealer(_KEY).seal(secret, _context(client_id, endpoint_id))


def open_secret(endpoint: Endpoint, sealed: str) -> bytes:
    """Raises SealBroken for one that was moved from another endpoint."""
    return _opened(endpoint.client_id, endpoint.id, sealed)


@lru_cache(maxsize=1000)
def _opened(client_id: str, endpoint_id: str, sealed: str) -> bytes:
    return KmsSealer(_KEY).open(sealed, _context(client_id, endpoint_id))


def _context(client_id: str, endpoint_id: str) -> dict[str, str]:
    return {"client": client_id, "webhook": endpoint_id, "use": "signing"}

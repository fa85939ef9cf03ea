"""Tokens of bots, sealed with KMS: opened once a process."""

from functools import lru_cache

from groundswell.storage.sealing import KmsSealer

_KEY = "credentials"


def seal(client_id: str, bot_id: str, token: str) -> str:
    return KmsSealer(_KEY).seal(token.encode(), _context(client_id, bot_id))


@lru_cache(maxsize=1000)
def unseal(client_id: str, bot_id: str, sealed: str) -> str:
    """Raises SealBroken for one that was moved from another bot."""
    return KmsSealer(_KEY).open(sealed, _context(client_id, bot_id)).decode()


def _context(client_id: str, bot_id: str) -> dict[str, str]:
    return {"client": client_id, "bot": bot_id, "use": "telegram"}

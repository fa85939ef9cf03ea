"""Tokens of accounts, sealed with KMS for their account alone; opened once a process: no post costs a call to KMS."""

from functools import lru_cache

from groundswell.social.model import Account
from groundswell.storage.sealing import KmsSealer

_KEY = "credentials"


class AccountVault:
    def seal(self, client_id: str, account_id: str, tokens: bytes) -> str:
        return KmsSealer(_KEY).seal(tokens, _context(client_id, account_id))

    def open(self, account: Account) -> bytes:
        return _opened(account.client_id, account.id, account.sealed)


@lru_cache(maxsize=100)
def _opened(client_id: str, account_id: str, sealed: str) -> bytes:
    return KmsSealer(_KEY).open(sealed, _context(client_id, account_id))


def _context(client_id: str, account_id: str) -> dict[str, str]:
    return {"client": client_id, "social_account": account_id, "use": "tokens"}

"""Tokens of accounts, sealed with KMS for their account alone."""

from groundswell.social.model import Account
from groundswell.storage.sealing import KmsSealer

_KEY = "credentials"


class AccountVault:
    def seal(self, client_id: str, account_id: str, tokens: bytes) -> str:
        return KmsSealer(_KEY).seal(tokens, _context(client_id, account_id))

    def open(self, account: Account) -> bytes:
        return KmsSealer(_KEY).open(account.sealed, _context(account.client_id, account.id))


def _context(client_id: str, account_id: str) -> dict[str, str]:
    return {"client": client_id, "social_account": account_id, "use": "tokens"}

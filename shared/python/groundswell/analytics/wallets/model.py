"""A challenge to a wallet's owner, and the wallet that met it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from groundswell.kernel.errors import NotFound

ANSWERED_WITHIN = timedelta(minutes=10)
CLOCKS_APART = timedelta(minutes=5)


class WalletNotVerified(NotFound):
    code = "WALLET_NOT_VERIFIED"
    message = "Nobody has proven to own this wallet"


@dataclass(frozen=True)
class Challenge:
    """A nonce for one message, which the site `domain` has the wallet of `user_id` sign."""

    client_id: str
    nonce: str
    user_id: str
    domain: str
    issued_at: datetime
    ends_at: datetime
    version: int = 0


@dataclass(frozen=True)
class VerifiedWallet:
    """`address` is in lower case, whatever the chain: one key owns it on all EVM chains. `account` (CAIP-10) names the
    chain it was proven for."""

    client_id: str
    address: str
    account: str
    user_id: str
    domain: str
    nonce: str
    verified_at: datetime
    version: int = 0

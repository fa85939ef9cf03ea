"""Wallets in the core table, listed below their client and user.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `NONCE#<client>#<nonce>` | `NONCE` | | a challenge, until it is answered or over |
| `WALLET#<client>#<address>` | `WALLET` | `CLIENT#<client>`, `WALLET#<user>#<address>` | whose it is |
"""

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from groundswell.analytics.wallets.model import Challenge, VerifiedWallet
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.transaction import delete, put, write


class ChallengeItem(CoreItem):
    client_id = UnicodeAttribute()
    nonce = UnicodeAttribute()
    user_id = UnicodeAttribute()
    domain = UnicodeAttribute()
    issued_at = UTCDateTimeAttribute()
    ends_at = UTCDateTimeAttribute()


class WalletItem(CoreItem):
    client_id = UnicodeAttribute()
    address = UnicodeAttribute()
    account = UnicodeAttribute()
    user_id = UnicodeAttribute()
    domain = UnicodeAttribute()
    nonce = UnicodeAttribute()
    verified_at = UTCDateTimeAttribute()


class DynamoWalletStore:
    def challenge(self, client_id: str, nonce: str) -> Challenge | None:
        try:
            return from_item(Challenge, ChallengeItem.get(f"NONCE#{client_id}#{nonce}", "NONCE", consistent_read=True))
        except ChallengeItem.DoesNotExist:
            return None

    def issue(self, challenge: Challenge) -> None:
        write([put(_challenge_item(challenge))])

    def wallet(self, client_id: str, address: str) -> VerifiedWallet | None:
        try:
            item = WalletItem.get(f"WALLET#{client_id}#{address}", "WALLET", consistent_read=True)
        except WalletItem.DoesNotExist:
            return None
        return from_item(VerifiedWallet, item)

    def wallets_of(self, client_id: str, user_id: str) -> list[VerifiedWallet]:
        below = WalletItem.gsi1sk.startswith(f"WALLET#{user_id}#")
        items = WalletItem.by_gsi1.query(f"CLIENT#{client_id}", below)
        wallets = [from_item(VerifiedWallet, item) for item in items]
        return [wallet for wallet in wallets if wallet.user_id == user_id]  # an id may have a `#` in it

    def accept(self, challenge: Challenge, wallet: VerifiedWallet) -> None:
        write([delete(_challenge_item(challenge)), put(_wallet_item(wallet))])

    def delete(self, wallet: VerifiedWallet) -> None:
        write([delete(_wallet_item(wallet))])


def _challenge_item(challenge: Challenge) -> ChallengeItem:
    pk, ends_at = f"NONCE#{challenge.client_id}#{challenge.nonce}", int(challenge.ends_at.timestamp())
    return to_item(ChallengeItem, challenge, pk, "NONCE", kind="wallet_challenge", expires_at=ends_at)


def _wallet_item(wallet: VerifiedWallet) -> WalletItem:
    keys: dict[str, str | int] = {
        "gsi1pk": f"CLIENT#{wallet.client_id}",
        "gsi1sk": f"WALLET#{wallet.user_id}#{wallet.address}",
    }
    pk = f"WALLET#{wallet.client_id}#{wallet.address}"
    return to_item(WalletItem, wallet, pk, "WALLET", kind="wallet", **keys)

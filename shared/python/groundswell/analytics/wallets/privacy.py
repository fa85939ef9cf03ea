"""Proofs of wallets as personal data."""

from collections.abc import Collection, Iterator
from os import urandom
from typing import Any

from groundswell.analytics.wallets.model import VerifiedWallet
from groundswell.analytics.wallets.service import WalletService
from groundswell.analytics.wallets.store import DynamoWalletStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords


class Wallets(Listed):
    forgets = tells = (IdKind.USER, IdKind.WALLET)
    file = "wallet_proofs"

    def __init__(self, wallets: WalletService) -> None:
        super().__init__("wallets", "WALLET#", places=("core NONCE#{client}#",))
        self._wallets = wallets

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        for person in persons:
            if person.kind is IdKind.USER:
                self._wallets.forget(client_id, person.value)
            else:
                self._wallets.forget_wallet(client_id, person.value)

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002 - the port's
        """Of the wallets that they have proven to own."""
        proven = {proof.address: proof for person in persons for proof in self._proofs(client_id, person)}
        return DisclosedRecords([_record(proof) for _, proof in sorted(proven.items())])

    def _proofs(self, client_id: str, person: Identifier) -> Iterator[VerifiedWallet]:
        if person.kind is IdKind.USER:
            yield from self._wallets.of_user(client_id, person.value)
        elif proof := self._wallets.find(client_id, person.value):
            yield proof


def _record(proof: VerifiedWallet) -> dict[str, Any]:
    names = ("address", "account", "user_id", "domain", "verified_at")
    return {name: getattr(proof, name) for name in names}


def personal_data() -> tuple[ClientData, ...]:
    return (Wallets(WalletService(DynamoWalletStore(), utc_now, lambda: urandom(12).hex())),)

"""Issues challenges, checks what comes back, and tells which wallets are whose."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from groundswell.analytics.wallets.model import (
    ANSWERED_WITHIN,
    CLOCKS_APART,
    Challenge,
    VerifiedWallet,
    WalletNotVerified,
)
from groundswell.events.chain.caip import account, lowered
from groundswell.events.chain.siwe import ProofRefused, SignIn, need_signature, parse


class WalletStore(Protocol):
    def challenge(self, client_id: str, nonce: str) -> Challenge | None: ...

    def issue(self, challenge: Challenge) -> None: ...

    def wallet(self, client_id: str, address: str) -> VerifiedWallet | None: ...

    def wallets_of(self, client_id: str, user_id: str) -> list[VerifiedWallet]: ...

    def accept(self, challenge: Challenge, wallet: VerifiedWallet) -> None:
        """Use the challenge up and keep the wallet, both or none. Raises PreconditionFailed if someone else did."""
        ...

    def delete(self, wallet: VerifiedWallet) -> None: ...


class WalletService:
    def __init__(self, store: WalletStore, now: Callable[[], datetime], new_nonce: Callable[[], str]) -> None:
        """`new_nonce` gives at least 8 letters and digits."""
        self._store = store
        self._now = now
        self._new_nonce = new_nonce

    def challenge(self, client_id: str, user_id: str, domain: str) -> Challenge:
        """A nonce that this user's wallet is to sign on the site `domain` (host, and port if it has one)."""
        now = self._now()
        challenge = Challenge(client_id, self._new_nonce(), user_id, domain.lower(), now, now + ANSWERED_WITHIN)
        self._store.issue(challenge)
        return challenge

    def verify(self, client_id: str, message: str, signature: str) -> VerifiedWallet:
        """Whoever signed owns the wallet. The same proof sent again gives the same answer; a newer one, by whomever,
        replaces it. Raises ProofRefused."""
        sign_in = parse(message)
        need_signature(message, signature, sign_in.address)
        known = self._store.wallet(client_id, sign_in.address.lower())
        if known is not None and known.nonce == sign_in.nonce:
            return known
        challenge = self._store.challenge(client_id, sign_in.nonce)
        if challenge is None or self._now() >= challenge.ends_at:
            raise ProofRefused.because("message", "its Nonce was not issued here, was used, or is over")
        self._need_fresh(sign_in, challenge)
        wallet = VerifiedWallet(
            client_id=client_id,
            address=sign_in.address.lower(),
            account=f"eip155:{sign_in.chain_id}:{sign_in.address.lower()}",
            user_id=challenge.user_id,
            domain=challenge.domain,
            nonce=sign_in.nonce,
            verified_at=self._now(),
            version=known.version if known else 0,
        )
        self._store.accept(challenge, wallet)
        return wallet

    def find(self, client_id: str, wallet: str) -> VerifiedWallet | None:
        """By CAIP-10 account or by address."""
        named = account(wallet)
        return self._store.wallet(client_id, lowered(named[1] if named else wallet))

    def get(self, client_id: str, wallet: str) -> VerifiedWallet:
        """See `find`. Raises WalletNotVerified."""
        verified_wallet = self.find(client_id, wallet)
        if verified_wallet is None:
            raise WalletNotVerified
        return verified_wallet

    def of_user(self, client_id: str, user_id: str) -> list[VerifiedWallet]:
        """The wallets that this user has proven to own."""
        return self._store.wallets_of(client_id, user_id)

    def forget(self, client_id: str, user_id: str) -> int:
        """Delete the proofs of an erased person. How many there were."""
        wallets = self._store.wallets_of(client_id, user_id)
        for wallet in wallets:
            self._store.delete(wallet)
        return len(wallets)

    def forget_wallet(self, client_id: str, address: str) -> None:
        """Delete its proof, whoever it is of."""
        wallet = self.find(client_id, address)
        if wallet is not None:
            self._store.delete(wallet)

    def _need_fresh(self, sign_in: SignIn, challenge: Challenge) -> None:
        now = self._now()
        sign_in.need_site(challenge.domain)
        sign_in.need_valid_at(now)
        if not challenge.issued_at - CLOCKS_APART <= sign_in.issued_at <= now + CLOCKS_APART:
            raise ProofRefused.because("message", "its Issued At is not of the time in which the Nonce is good")

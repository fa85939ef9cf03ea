"""Wire shapes of wallets."""

from typing import Annotated

from pydantic import Field, StringConstraints

from groundswell.analytics.wallets.model import Challenge, VerifiedWallet
from groundswell.events.chain.caip import checksummed
from groundswell.http.schema import In, Line, Out, Time

UserId = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
Domain = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:\[\]-]{1,255}$")]


class ChallengeCreate(In):
    """Who is to sign, and on which site (host, and port if it has one)."""

    user_id: UserId
    domain: Domain
    client_id: str | None = None


class ChallengeOut(Out):
    nonce: str
    domain: str
    expires_at: Time


class ProofCreate(In):
    """The message exactly as it was signed, and what `personal_sign` gave."""

    message: Annotated[str, StringConstraints(min_length=1, max_length=8_000)]
    signature: Annotated[str, StringConstraints(min_length=130, max_length=132)] = Field(
        description="65 bytes in hexadecimal"
    )
    client_id: str | None = None


class WalletOut(Out):
    account: str = Field(description="CAIP-10")
    address: str = Field(description="Spelled as EIP-55 says")
    user_id: str
    domain: str
    verified_at: Time


def challenge_out(challenge: Challenge) -> ChallengeOut:
    return ChallengeOut(nonce=challenge.nonce, domain=challenge.domain, expires_at=challenge.ends_at)


def wallet_out(wallet: VerifiedWallet) -> WalletOut:
    return WalletOut(
        account=wallet.account,
        address=checksummed(wallet.address),
        user_id=wallet.user_id,
        domain=wallet.domain,
        verified_at=wallet.verified_at,
    )

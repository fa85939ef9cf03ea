"""The endpoints of wallets whose owner is proven, and their wiring."""

from functools import cache
from os import urandom
from typing import Annotated

from functions.analytics.wallets import examples
from functions.analytics.wallets.schemas import (
    ChallengeCreate,
    ChallengeOut,
    ProofCreate,
    WalletOut,
    challenge_out,
    wallet_out,
)
from groundswell.analytics.wallets.service import WalletService
from groundswell.analytics.wallets.store import DynamoWalletStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, created, ok
from groundswell.http.operation import operation
from groundswell.http.principal import Member, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics")


@cache
def wallet_service() -> WalletService:
    return WalletService(DynamoWalletStore(), utc_now, lambda: urandom(12).hex())


Wallets = Annotated[WalletService, provide(wallet_service)]
# Whose wallet it is takes `metrics:write`: a key for `events:write` is in every visitor's browser.
_REFUSES = (401, 403, 404)


@router.post(
    "/analytics/wallets/nonces",
    **operation(
        "wallets.challenge",
        scope=Scope.METRICS_WRITE,
        request_example=examples.ASKED,
        response_example=examples.CHALLENGE,
        status=201,
        errors=_REFUSES,
        shown_once=True,
    ),
)
async def challenge_wallet(body: ChallengeCreate, who: Member, wallets: Wallets) -> Envelope[ChallengeOut]:
    """A nonce for one sign-in message (EIP-4361), good for ten minutes. Ask from your server: it says who signs."""
    return created(challenge_out(wallets.challenge(who.client_id, body.user_id, body.domain)))


@router.post(
    "/analytics/wallets/verify",
    **operation(
        "wallets.verify",
        scope=Scope.METRICS_WRITE,
        request_example=examples.PROOF,
        response_example=examples.WALLET,
        errors=_REFUSES,
    ),
)
async def verify_wallet(body: ProofCreate, who: Member, wallets: Wallets) -> Envelope[WalletOut]:
    """Turn an observed wallet into a verified one of the user for whom the nonce was issued.

    Domain, URI, nonce, times and signature (EIP-191) must be right; contract wallets (EIP-1271) are refused, for only
    their chain can tell. A repeat gives the same answer; the newest proof for a wallet is the one that holds.
    """
    return ok(wallet_out(wallets.verify(who.client_id, body.message, body.signature)))


@router.get(
    "/analytics/wallets/{account}/proof",
    **operation("wallets.proof", scope=Scope.PEOPLE_READ, response_example=examples.WALLET, errors=_REFUSES),
)
async def show_proof(account: str, who: Viewer, wallets: Wallets) -> Envelope[WalletOut]:
    """Who has proven to own the wallet: by CAIP-10 account or by address."""
    return ok(wallet_out(wallets.get(who.client_id, account)))

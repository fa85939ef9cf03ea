"""What proves a wallet, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from functions.analytics.wallets import examples
from groundswell.analytics.wallets.model import WalletNotVerified
from groundswell.analytics.wallets.service import WalletService
from groundswell.events.chain.secp256k1 import signer
from groundswell.events.chain.siwe import ProofRefused, parse, personal_digest
from groundswell.kernel.errors import PreconditionFailed
from tests.wallets import Wallet

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA, EVE = Wallet(1), Wallet(2)


class FakeWalletStore:
    def __init__(self):
        self.challenges, self.wallets = {}, {}

    def challenge(self, client_id, nonce):
        return self.challenges.get((client_id, nonce))

    def issue(self, challenge):
        self.challenges[challenge.client_id, challenge.nonce] = challenge

    def wallet(self, client_id, address):
        return self.wallets.get((client_id, address))

    def wallets_of(self, client_id, user_id):
        return [
            wallet for (client, _), wallet in self.wallets.items() if (client, wallet.user_id) == (client_id, user_id)
        ]

    def accept(self, challenge, wallet):
        if self.challenges.pop((challenge.client_id, challenge.nonce), None) is None:
            raise PreconditionFailed
        self.wallets[wallet.client_id, wallet.address] = replace(wallet, version=wallet.version + 1)

    def delete(self, wallet):
        del self.wallets[wallet.client_id, wallet.address]


class World:
    def __init__(self):
        self.now = NOW
        self.store = FakeWalletStore()
        numbers = iter(range(10**6))
        self.service = WalletService(self.store, lambda: self.now, lambda: f"nonce{next(numbers):05d}")

    def prove(self, wallet, user_id="ada", signed_by=None, **changes):
        nonce = self.service.challenge("client", user_id, "shop.example").nonce
        message = wallet.message(nonce, self.now, **changes)
        return self.service.verify("client", message, (signed_by or wallet).sign(message))


@pytest.fixture
def world():
    return World()


def test_whoever_signed_the_message_owns_the_wallet(world):
    proven = world.prove(ADA, chain="137")

    assert (proven.user_id, proven.account) == ("ada", f"eip155:137:{ADA.address.lower()}")
    assert world.service.find("client", ADA.address).verified_at == NOW
    assert world.service.get("client", f"eip155:1:{ADA.address}").user_id == "ada"
    assert [wallet.address for wallet in world.service.of_user("client", "ada")] == [ADA.address.lower()]


def test_another_client_has_not_seen_it(world):
    world.prove(ADA)

    with pytest.raises(WalletNotVerified):
        world.service.get("other", ADA.address)


BAD = {
    "a URI with half a bracket": {"uri": "https://["},
    "a URI with an address that is none": {"uri": "https://[::x]/"},
    "a time outside of time": {"issued": "9999-12-31T23:59:59-14:00"},
    "another domain": {"domain": "evil.example"},
    "another site's URI": {"uri": "https://evil.example/"},
    "no version": {"version": "2"},
    "chain zero": {"chain": "0"},
    "another address": {"address": EVE.address},
    "an address in lower case": {"address": ADA.address.lower()},
    "expired": {"rest": "\nExpiration Time: 2026-03-01T12:00:00Z"},
    "not yet": {"rest": "\nNot Before: 2026-03-01T12:00:01Z"},
    "issued long before": {"issued": "2026-03-01T11:54:59Z"},
    "issued in the future": {"issued": "2026-03-01T12:05:01Z"},
    "issued at no time": {"issued": "2026-02-30T12:00:00Z"},
    "issued without a zone": {"issued": "2026-03-01T12:00:00"},
    "more at the end": {"rest": "\nand more"},
}


@pytest.mark.parametrize("why", BAD)
def test_a_message_that_does_not_say_what_it_must_proves_nothing(world, why):
    with pytest.raises(ProofRefused):
        world.prove(ADA, **BAD[why])
    assert world.store.wallets == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"statement": ""},
        {"domain": "https://shop.example"},
        {"rest": "\nExpiration Time: 2026-03-01T14:00:00.5+01:30\nRequest ID: 1\nResources:\n- ipfs://x\n- https://y"},
    ],
)
def test_all_that_the_standard_allows_is_understood(world, changes):
    assert world.prove(ADA, **changes).user_id == "ada"


def test_somebody_elses_signature_proves_nothing(world):
    with pytest.raises(ProofRefused):
        world.prove(ADA, signed_by=EVE)


def test_a_proof_sent_again_gives_the_same_answer_and_a_nonce_serves_once(world):
    nonce = world.service.challenge("client", "ada", "shop.example").nonce
    message = ADA.message(nonce, NOW)
    first = world.service.verify("client", message, ADA.sign(message))
    world.now += timedelta(days=1)
    again = world.service.verify("client", message, ADA.sign(message))
    assert (again.user_id, again.verified_at) == (first.user_id, first.verified_at)

    other = EVE.message(nonce, NOW)
    with pytest.raises(ProofRefused):
        world.service.verify("client", other, EVE.sign(other))


def test_a_nonce_is_good_for_ten_minutes_and_for_its_client(world):
    nonce = world.service.challenge("client", "ada", "shop.example").nonce
    message = ADA.message(nonce, NOW)
    with pytest.raises(ProofRefused):
        world.service.verify("other", message, ADA.sign(message))
    world.now += timedelta(minutes=10)
    with pytest.raises(ProofRefused):
        world.service.verify("client", message, ADA.sign(message))


def test_the_newest_proof_holds_and_an_erased_person_has_none(world):
    world.prove(ADA, user_id="ada")
    world.prove(ADA, user_id="grace")

    assert world.service.get("client", ADA.address).user_id == "grace"
    assert world.service.of_user("client", "ada") == []
    assert world.service.forget("client", "grace") == 1
    assert world.service.find("client", ADA.address) is None


def test_the_example_in_the_description_is_a_real_proof():
    signed = personal_digest(examples.MESSAGE), bytes.fromhex(examples.SIGNATURE.removeprefix("0x"))

    assert signer(*signed) == parse(examples.MESSAGE).address.lower()

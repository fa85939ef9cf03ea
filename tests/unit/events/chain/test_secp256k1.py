"""Who signed, against published signatures and another implementation's."""

import pytest

from groundswell.events.chain.keccak import keccak256
from groundswell.events.chain.secp256k1 import G, N, P, address, recover, signer
from groundswell.events.chain.siwe import personal_digest
from tests.wallets import Wallet

# From the documentation of web3.js (eth.accounts.recover).
SIGNED = bytes.fromhex(
    "b91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd"
    "6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c"
)
SIGNER = "0x2c7536e3605d9c16a7a3d7b1898e529396a65c23"


def test_a_published_signature_names_its_signer():
    digest = personal_digest("Some data")

    assert digest.hex() == "1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655"
    assert signer(digest, SIGNED) == SIGNER
    assert signer(digest, SIGNED[:64] + b"\x01") == SIGNER
    assert signer(personal_digest("some data"), SIGNED) != SIGNER


def test_the_key_one_has_the_address_everybody_knows():
    assert address(G) == "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"


@pytest.mark.parametrize("secret", [1, 2, 3, N - 1, N - 2, 2**255, 0xC0FFEE])
def test_signatures_of_another_implementation_name_their_signer(secret):
    wallet = Wallet(secret)
    signature = bytes.fromhex(wallet.sign("to be signed")[2:])

    assert signer(personal_digest("to be signed"), signature) == wallet.address.lower()


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNED[:-1],
        SIGNED + b"\0",
        SIGNED[:64] + b"\x1d",
        bytes(32) + SIGNED[32:],
        SIGNED[:32] + bytes(32) + SIGNED[64:],
        N.to_bytes(32) + SIGNED[32:],
        SIGNED[:32] + N.to_bytes(32) + SIGNED[64:],
        (5).to_bytes(32) + SIGNED[32:],  # no point of the curve has this x
    ],
)
def test_what_is_no_signature_has_no_signer(signature):
    assert signer(personal_digest("Some data"), signature) is None


def test_any_flipped_bit_names_somebody_else():
    for bit in range(0, 512, 37):
        changed = (int.from_bytes(SIGNED[:64]) ^ 1 << bit).to_bytes(64) + SIGNED[64:]
        assert signer(personal_digest("Some data"), changed) != SIGNER


def test_points_are_on_the_curve():
    x, y = recover(int.from_bytes(keccak256(b"x")), G[0], 7, odd=False)

    assert (y * y - x**3 - 7) % P == 0

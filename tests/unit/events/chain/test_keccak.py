"""Keccak-256 against published digests, at the lengths where padding changes."""

import hashlib

import pytest

from groundswell.events.chain import keccak
from groundswell.events.chain.keccak import keccak256

KNOWN = [
    (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    (b"Transfer(address,address,uint256)", "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"),
    (b"Approval(address,address,uint256)", "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925"),
    (b"transfer(address,uint256)", "a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b"),
]


@pytest.mark.parametrize(("data", "digest"), KNOWN)
def test_known_digests(data, digest):
    assert keccak256(data).hex() == digest


@pytest.mark.parametrize("length", [0, 1, 7, 8, 134, 135, 136, 137, 271, 272, 273, 1000])
def test_the_permutation_and_the_blocks_are_those_of_sha3(length, monkeypatch):
    """SHA3-256 differs by its padding alone, and every Python has it."""
    data = bytes(at % 251 for at in range(length))
    monkeypatch.setattr(keccak, "_PADDING", b"\x06")

    assert keccak256(data) == hashlib.sha3_256(data).digest()

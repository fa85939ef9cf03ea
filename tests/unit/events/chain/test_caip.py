"""Names of chains and accounts, and what their addresses look like."""

import pytest

from groundswell.events.chain.caip import account, chain, checksummed, fits, lowered, misspelt

EIP55 = [  # from the EIP
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]
SOLANA = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"


@pytest.mark.parametrize("address", EIP55)
def test_addresses_are_spelled_as_eip_55_says(address):
    assert checksummed(address.lower()) == address
    assert not misspelt(address)
    assert not misspelt(address.lower())
    assert not misspelt("0x" + address[2:].upper())


def test_a_digit_in_the_wrong_case_is_noticed():
    assert misspelt(EIP55[4].replace("5aAe", "5aae"))
    assert not misspelt("not an address")


@pytest.mark.parametrize(
    ("said", "caip2"),
    [
        ("1", "eip155:1"),
        ("137", "eip155:137"),
        ("0x89", "eip155:137"),
        ("eip155:1", "eip155:1"),
        ("eip155:0x89", "eip155:137"),
        ("eip155:x", None),
        ("Ethereum", "eip155:1"),
        ("solana", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
        ("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
        ("cosmos:cosmoshub-3", "cosmos:cosmoshub-3"),
        ("mainnet", None),
        ("1" * 40, None),
        ("\u0661", None),
    ],
)
def test_chains_have_one_spelling(said, caip2):
    assert chain(said) == caip2


def test_only_hexadecimal_ids_lose_their_case():
    assert lowered(EIP55[0]) == EIP55[0].lower()
    assert lowered(SOLANA) == SOLANA


def test_accounts_name_their_chain():
    assert account(f"eip155:1:{EIP55[0]}") == ("eip155:1", EIP55[0])
    assert account(f"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{SOLANA}") == (chain("solana"), SOLANA)
    assert account(EIP55[0]) is None
    assert account("") is None


@pytest.mark.parametrize(
    ("address", "caip2", "can_be"),
    [
        (EIP55[0], "eip155:1", True),
        (EIP55[0], None, True),
        (EIP55[0][:-1], "eip155:1", False),
        (EIP55[0][:-1], None, False),
        (SOLANA, "eip155:1", False),
        (SOLANA, chain("solana"), True),
        (SOLANA, None, True),
        (SOLANA + "0", chain("solana"), False),
        ("1" * 32, chain("solana"), True),
        ("1" * 33, chain("solana"), False),
        ("cosmos1t2uflqwqe0fsj0shcfkrvpukewcw40yjj6hdc0", "cosmos:cosmoshub-3", True),
    ],
)
def test_addresses_are_judged_by_their_chain(address, caip2, can_be):
    assert fits(address, caip2) is can_be

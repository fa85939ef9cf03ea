"""When two spellings are one person, and what names nobody."""

from datetime import UTC, datetime

import pytest

from groundswell.events.chain import caip
from groundswell.leads.identities import (
    Identity,
    IdentityKind,
    external,
    normalize_phone,
    normalize_wallet,
    wallet_keys,
)
from groundswell.leads.model import Lead

ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
SOLANA = "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"


@pytest.mark.parametrize(
    ("text", "region"),
    [("+49 30 901820", None), ("0049 30 901820", "DE"), ("(030) 90 18 20", "de-DE"), ("030-901820", "de_DE")],
)
def test_a_number_has_one_spelling(text, region):
    assert normalize_phone(text, region) == "+4930901820"


@pytest.mark.parametrize("text", ["030 901820", "+49", "call me", "", "+1 555", "+" + "9" * 40])
def test_what_nobody_can_call_is_no_number(text):
    with pytest.raises(ValueError, match="number"):
        normalize_phone(text)


@pytest.mark.parametrize("text", [ADDRESS, ADDRESS.lower(), f"eip155:1:{ADDRESS}", f"eip155:0x1:{ADDRESS.lower()}"])
def test_a_wallet_has_one_spelling(text):
    assert normalize_wallet(text) == f"eip155:1:{ADDRESS}"


def test_a_wallet_is_one_on_all_evm_chains_and_another_elsewhere():
    keys = {Identity(IdentityKind.WALLET, normalize_wallet(f"eip155:{n}:{ADDRESS}")).key for n in (1, 137, 8453)}
    solana = normalize_wallet("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv")

    assert len(keys) == 1
    assert Identity(IdentityKind.WALLET, solana).key not in keys


@pytest.mark.parametrize("account", [f"eip155:137:{ADDRESS}", *(f"{chain}:{SOLANA}" for chain in caip.SOLANA)])
def test_a_wallet_is_found_by_its_address_alone(account):
    lead = with_wallet(account)

    assert lead.keys <= set(wallet_keys(lead.wallet_address))
    assert lead.user_id == lead.wallet_address


def test_the_case_of_a_solana_address_means_something_and_that_of_an_evm_address_nothing():
    assert with_wallet(f"{caip.SOLANA[0]}:{SOLANA}").user_id == SOLANA
    assert with_wallet(ADDRESS).user_id == ADDRESS.lower()


def with_wallet(account):
    now = datetime(2026, 11, 30, tzinfo=UTC)
    return Lead("lead", "client", "somebody", now, now, now, now, wallet=normalize_wallet(account))


def test_ids_of_two_systems_are_two_whatever_their_names_hold():
    assert external("a=b", "c").key != external("a", "b=c").key

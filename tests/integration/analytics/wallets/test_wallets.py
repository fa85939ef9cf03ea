"""Wallets over HTTP and in the table."""

from datetime import UTC, datetime

import pytest

from tests.wallets import Wallet

ADA = Wallet(7)
ASKED = {"user_id": "ada", "domain": "shop.example"}


@pytest.fixture
def owner(people):
    return people.sign_up()


def prove(owner, wallet=ADA, **fields):
    nonce = owner.post("/analytics/wallets/nonces", ASKED | fields)
    assert nonce.status == 201, nonce.body
    message = wallet.message(nonce.data["nonce"], datetime.now(UTC))
    return {"message": message, "signature": wallet.sign(message)}


def test_an_observed_wallet_becomes_a_verified_one(owner):
    proof = prove(owner)
    path = f"/analytics/wallets/{ADA.address}/proof"
    assert owner.get(path).status == 404

    first, again = (owner.post("/analytics/wallets/verify", proof) for _ in range(2))

    assert (first.status, first.data["user_id"], first.data["address"]) == (200, "ada", ADA.address)
    assert again.data == first.data
    assert owner.get(path).data == first.data
    assert owner.get(f"/analytics/wallets/eip155:1:{ADA.address.lower()}/proof").data == first.data


def test_a_newer_proof_replaces_an_older_one(owner):
    for user_id in ("ada", "grace"):
        assert owner.post("/analytics/wallets/verify", prove(owner, user_id=user_id)).data["user_id"] == user_id

    assert owner.get(f"/analytics/wallets/{ADA.address}/proof").data["user_id"] == "grace"


def test_a_proof_for_another_client_or_by_another_key_is_refused(owner, people):
    proof = prove(owner)
    other = people.sign_up()
    forged = proof | {"signature": Wallet(8).sign(proof["message"])}

    for who, body in ((other, proof), (owner, forged)):
        answer = who.post("/analytics/wallets/verify", body)
        assert answer.status == 400
        assert answer.json["error"]["code"] == "WALLET_PROOF_REFUSED"


def test_the_key_that_sites_show_to_everybody_does_not_vouch_for_people(owner):
    body = {"name": "site", "scopes": ["events:write"]}
    key = owner.post(f"/clients/{owner.client_id}/api-keys", body).data["api_key"]

    answer = owner.gateway.post("/analytics/wallets/nonces", ASKED, headers={"x-api-key": key})

    assert answer.status == 403


def test_an_older_proof_sent_again_does_not_bring_its_owner_back(owner):
    older = prove(owner)
    assert owner.post("/analytics/wallets/verify", older).data["user_id"] == "ada"
    owner.post("/analytics/wallets/verify", prove(owner, user_id="grace"))

    assert owner.post("/analytics/wallets/verify", older).status == 400
    assert owner.get(f"/analytics/wallets/{ADA.address}/proof").data["user_id"] == "grace"

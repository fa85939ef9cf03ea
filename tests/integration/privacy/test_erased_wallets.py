"""Proofs of wallets go with whom they are of, and with the wallet."""

import pytest

from tests.integration.analytics.wallets.test_wallets import prove
from tests.wallets import Wallet

ADA, GRACE = Wallet(21), Wallet(22)


def proven(owner, wallet):
    return owner.get(f"/analytics/wallets/{wallet.address}/proof").status == 200


@pytest.fixture
def proofs(owner):
    for user, wallet in (("ada", ADA), ("grace", GRACE)):
        assert owner.post("/analytics/wallets/verify", prove(owner, wallet, user_id=user)).status == 200
    return owner


@pytest.mark.parametrize("body", [{"user_id": "ada"}, {"wallet": ADA.address}, {"wallet": f"eip155:1:{ADA.address}"}])
def test_an_erasure_takes_the_proof_of_the_person_or_of_the_wallet_and_nobody_elses(proofs, worker, body):
    assert (proven(proofs, ADA), proven(proofs, GRACE)) == (True, True)

    for _ in range(2):
        assert worker.erase(body)["status"] == "succeeded"

    assert (proven(proofs, ADA), proven(proofs, GRACE)) == (False, True)

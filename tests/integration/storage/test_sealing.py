"""Sealed secrets: what KMS encrypted for one user opens for nobody else."""

import pytest

from groundswell.storage.sealing import LONGEST, KmsSealer, SealBroken
from tests.backend import Backend

ADA = {"user": "ada", "use": "totp"}


@pytest.fixture(params=["moto", "emulator"])
def sealer(request: pytest.FixtureRequest) -> KmsSealer:
    backend: Backend = request.getfixturevalue(request.param)
    assert backend.resources.keys["credentials"]
    return KmsSealer("credentials")


def test_what_is_sealed_opens_in_the_same_context(sealer):
    sealed = sealer.seal(b"the secret", ADA)

    assert b"the secret" not in sealed.encode()
    assert sealer.open(sealed, ADA) == b"the secret"


@pytest.mark.parametrize("context", [{"user": "eve", "use": "totp"}, {"user": "ada", "use": "other"}, {}])
def test_sealed_text_moved_to_another_context_does_not_open(sealer, context):
    sealed = sealer.seal(b"the secret", ADA)

    with pytest.raises(SealBroken):
        sealer.open(sealed, context)


@pytest.mark.parametrize("sealed", ["kms1.AAAA", "kms1.!", ""])
def test_text_that_was_never_sealed_does_not_open(sealer, sealed):
    with pytest.raises(SealBroken):
        sealer.open(sealed, ADA)


def test_more_than_kms_takes_is_a_mistake_of_the_program(sealer):
    with pytest.raises(ValueError, match="4096"):
        sealer.seal(b"x" * (LONGEST + 1), ADA)

"""The signing key is replaced without refusing what it signed."""

import json

from groundswell.admin.key_rotation.service import KeyRotationService
from groundswell.kernel.signing import parse_signing_keys


class FakeSecret:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self) -> str:
        return self.text

    def write(self, text: str, once: str) -> None:
        self.text = text


def rotation(secret: FakeSecret) -> KeyRotationService:
    return KeyRotationService(secret, lambda size: f"secret of {size}")


def test_the_old_key_still_verifies_after_a_rotation():
    secret = FakeSecret(json.dumps({"kid": "first", "secret": "old"}))

    kid = rotation(secret).rotate("2026-12-01T00:00:00Z")

    keys = parse_signing_keys(secret.text)
    assert keys.current.kid == kid
    assert keys.current.secret == b"secret of 48"
    assert keys.find("first").secret == b"old"


def test_two_keys_are_kept_and_no_third():
    secret = FakeSecret(json.dumps({"kid": "first", "secret": "old"}))
    service = rotation(secret)

    second = service.rotate("2026-12-01T00:00:00Z")
    third = service.rotate("2026-12-31T00:00:00Z")

    keys = parse_signing_keys(secret.text)
    assert second != third
    assert (keys.current.kid, keys.previous.kid) == (third, second)
    assert keys.find("first") is None


def test_a_due_time_that_fires_twice_rotates_once():
    secret = FakeSecret(json.dumps({"kid": "first", "secret": "old"}))
    service = rotation(secret)

    first = service.rotate("2026-12-01T00:00:00Z")
    again = service.rotate("2026-12-01T00:00:00Z")

    assert again is None
    keys = parse_signing_keys(secret.text)
    assert (keys.current.kid, keys.previous.kid) == (first, "first")

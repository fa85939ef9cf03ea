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


class FakeClaims:
    def __init__(self) -> None:
        self.claimed: set[tuple[str, str]] = set()

    def claim(self, schedule: str, due: str) -> bool:
        first = (schedule, due) not in self.claimed
        self.claimed.add((schedule, due))
        return first


def rotation(secret: FakeSecret) -> KeyRotationService:
    ids = iter(["second", "third"])
    return KeyRotationService(secret, FakeClaims(), lambda: next(ids), lambda size: f"secret of {size}")


def test_the_old_key_still_verifies_after_a_rotation():
    secret = FakeSecret(json.dumps({"kid": "first", "secret": "old"}))

    rotation(secret).rotate("2026-12-01T00:00:00Z")

    keys = parse_signing_keys(secret.text)
    assert keys.current.kid == "second"
    assert keys.current.secret == b"secret of 48"
    assert keys.find("first").secret == b"old"


def test_two_keys_are_kept_and_no_third():
    secret = FakeSecret(json.dumps({"kid": "first", "secret": "old"}))
    service = rotation(secret)

    service.rotate("2026-12-01T00:00:00Z")
    service.rotate("2026-12-31T00:00:00Z")

    keys = parse_signing_keys(secret.text)
    assert (keys.current.kid, keys.previous.kid) == ("third", "second")
    assert keys.find("first") is None


def test_a_due_time_that_fires_twice_rotates_once():
    secret = FakeSecret(json.dumps({"kid": "first", "secret": "old"}))
    service = rotation(secret)

    first = service.rotate("2026-12-01T00:00:00Z")
    again = service.rotate("2026-12-01T00:00:00Z")

    assert (first, again) == ("second", None)
    assert parse_signing_keys(secret.text).current.kid == "second"

"""Signing keys for tests that need no secret store."""

from groundswell.kernel.signing import SigningKey, SigningKeys

OLD = SigningKey("old", b"o" * 32)
NEW = SigningKey("new", b"n" * 32)


class Keys:
    """`Keys()` is what tokens and cursors take as their source of keys."""

    def __init__(self, current: SigningKey = NEW, previous: SigningKey | None = None) -> None:
        self.keys = SigningKeys(current, previous)

    def __call__(self, wanted: object = None) -> SigningKeys:
        return self.keys

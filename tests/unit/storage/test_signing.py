import json

import pytest

from groundswell.kernel.signing import parse_signing_keys
from groundswell.storage.signing import SigningKeyCache
from tests.clock import Clock


def text(kid: str, previous: str | None = None) -> str:
    secret = {"kid": kid, "secret": kid * 32}
    return json.dumps(secret | ({"previous": {"kid": previous, "secret": previous * 32}} if previous else {}))


def test_two_keys_are_good_for_verification() -> None:
    keys = parse_signing_keys(text("b", previous="a"))

    assert keys.current.kid == "b"
    assert keys.find("a").secret == b"a" * 32
    assert keys.find("b").secret == b"b" * 32
    assert keys.find("c") is None
    assert keys.find(None) is None


def test_a_secret_without_keys_stops_the_start() -> None:
    with pytest.raises(KeyError):
        parse_signing_keys("{}")


def test_the_secret_is_read_once_in_five_minutes(clock: Clock) -> None:
    reads = []
    keys = SigningKeyCache(lambda: reads.append(1) or text("a"), clock)

    keys(), keys()
    clock.advance(seconds=299)
    keys()
    assert len(reads) == 1

    clock.advance(seconds=1)
    keys()
    assert len(reads) == 2


def test_a_key_nobody_knows_is_looked_for_at_once_because_another_process_may_sign_with_it(clock: Clock) -> None:
    stored = [text("a")]
    keys = SigningKeyCache(lambda: stored[0], clock)
    keys()
    stored[0] = text("b", previous="a")

    clock.advance(seconds=15)

    assert keys("b").find("b") is not None


def test_made_up_key_names_do_not_hammer_the_secret_store(clock: Clock) -> None:
    reads = []
    keys = SigningKeyCache(lambda: reads.append(1) or text("a"), clock)

    for number in range(100):
        assert keys(f"made up {number}").find("made up") is None

    assert len(reads) == 1


def test_a_clock_set_back_does_not_keep_old_keys(clock: Clock) -> None:
    reads = []
    keys = SigningKeyCache(lambda: reads.append(1) or text("a"), clock)
    keys()

    clock.advance(days=-1)
    keys()

    assert len(reads) == 2

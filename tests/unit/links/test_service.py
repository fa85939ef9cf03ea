"""Signed links."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.kernel.signing import SigningKey, SigningKeys
from groundswell.links.model import Link, LinkExpired, LinkUnknown
from groundswell.links.service import LinkService

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
KEYS = SigningKeys(SigningKey("k1", b"secret"))


def service(keys: SigningKeys = KEYS, at: datetime = NOW) -> LinkService:
    return LinkService(lambda _=None: keys, lambda: at)


def test_a_link_says_what_was_signed() -> None:
    token = service().sign("c1", "unsubscribe", {"lead": "l1", "n": 2})

    assert service().open("unsubscribe", token) == Link("c1", {"lead": "l1", "n": 2})
    assert token.replace("-", "a").replace("_", "a").isalnum()


def test_a_link_is_good_for_its_purpose_only() -> None:
    token = service().sign("c1", "unsubscribe", {})

    with pytest.raises(LinkUnknown):
        service().open("confirm", token)


def test_a_changed_character_anywhere_is_refused() -> None:
    token = service().sign("c1", "unsubscribe", {"lead": "l1"})

    for place, letter in enumerate(token):
        with pytest.raises(LinkUnknown):
            service().open("unsubscribe", token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "x", "%%%", "ü", "A" * 4000])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(LinkUnknown):
        service().open("unsubscribe", token)


def test_a_link_ends_at_its_time() -> None:
    token = service().sign("c1", "review", {}, NOW + timedelta(days=14))

    assert service(at=NOW + timedelta(days=14, seconds=-1)).open("review", token)
    with pytest.raises(LinkExpired):
        service(at=NOW + timedelta(days=14)).open("review", token)


def test_a_replaced_key_still_opens_its_links_and_a_strange_one_does_not() -> None:
    token = service().sign("c1", "review", {})
    rotated = SigningKeys(SigningKey("k2", b"other"), previous=KEYS.current)

    assert service(rotated).open("review", token)
    with pytest.raises(LinkUnknown):
        service(SigningKeys(SigningKey("k1", b"other"))).open("review", token)

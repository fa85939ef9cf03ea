"""Links that lead by way of us."""

from datetime import UTC, datetime

import pytest

from groundswell.social.model import Network, ShortLink
from groundswell.social.networks.versions import linkedin_ends
from groundswell.social.short_links import destination, links_in, shortened


def test_links_are_found_without_what_follows_them_in_a_sentence() -> None:
    texts = ["See https://a.example/x, (https://b.example/y) and https://a.example/x.", "HTTP://C.example/(z)!"]

    assert links_in(texts) == ("https://a.example/x", "https://b.example/y", "HTTP://C.example/(z)")


def test_no_more_links_are_shortened_than_a_post_may_have() -> None:
    assert len(links_in([f"https://a.example/{number}" for number in range(30)])) == 20


def test_a_link_within_a_longer_one_leaves_that_alone() -> None:
    links = (
        ShortLink("https://a.example", "https://s.example/1"),
        ShortLink("https://a.example/b", "https://s.example/2"),
    )

    assert shortened("https://a.example/b https://a.example", links) == "https://s.example/2 https://s.example/1"
    assert shortened("https://a.example", ()) == "https://a.example"


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("https://a.example/b#c", "?utm_source=twitter&utm_medium=social&utm_campaign=p&social_post=p#c"),
        ("https://a.example/b?utm_source=x&q=", "?utm_source=x&q=&utm_medium=social&utm_campaign=p&social_post=p"),
    ],
)
def test_a_short_link_brings_the_post_along_and_changes_nothing_that_the_link_says(url: str, there: str) -> None:
    assert destination(url, Network.TWITTER, "p") == f"https://a.example/b{there}"


def test_linkedin_serves_a_version_for_a_year() -> None:
    assert linkedin_ends("202607") == datetime(2027, 7, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="does not match"):
        linkedin_ends("latest")

"""X's counting, by cases of twitter-text's published conformance suite (configuration v3)."""

import json
from pathlib import Path

import pytest

from groundswell.social.networks.x_text import forbidden_characters, weighted_length

CASES = json.loads((Path(__file__).parent / "x_text_cases.json").read_text())


@pytest.mark.parametrize(("text", "length"), CASES)
def test_a_text_is_as_long_as_x_says(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.com/a-long-path?with=a&query=of#some-size", 23),
        ("see example.com", 4 + 23),
        ("see example.notatld", 19),
        ("mail me@example.com", 19),
        ("a.b", 3),
        ("https://t.co/abc and more", 23 + 9),
        ("\u4f60\u597d https://example.com", 4 + 1 + 23),
        ("(https://example.com/a(b)c)", 1 + 23 + 1),
        ("cafe\u0301", 4),
        ("http://xn--\u306f\u3058\u3081\u3088\u3046.com/", 11 + 10 + 5),
    ],
)
def test_what_becomes_a_link_counts_23(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(("text", "length"), [("\xa9", 1), ("\xae", 1), ("\xa9\ufe0f", 2), ("\xae\ufe0f 2026", 7)])
def test_a_sign_is_an_emoji_only_where_it_is_to_look_like_one(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize("text", ["a." * 3000, "http://" + "a" * 6000, "https://a.com/" + "(" * 6000, "-." * 3000])
def test_no_text_takes_long(text: str) -> None:
    assert weighted_length(text) > 0


def test_characters_that_x_accepts_nowhere() -> None:
    assert forbidden_characters("a\ufeffb")
    assert not forbidden_characters("a\u200db")

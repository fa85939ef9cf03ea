"""When two spellings of an address are one."""

from functools import cache
from pathlib import Path
from random import Random
from unicodedata import normalize

import idna
import pytest

from groundswell.kernel.email import email_key, normalize_email

LETTERS = "aAbBsSkKiIzZ019._-+ßẞ\u017f\u0131İς\u03c3ΣéÉe\u0301ǰüÜu\u0308ﬁµμÅ\u212b\u212aœŒ日本ªⅷ½a\u0345ΐΰ"
DOMAINS = "aAbBsSiIßẞς\u03c3ΣéÉe\u0301üÜu\u0308日本ﬁ19-"
DOTS = ".\uff0e。｡"
PAIRS = 10_000
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "spelling",
    [
        "Ada@Example.COM",
        "ada@example.com",
        "ADA@EXAMPLE.com",
        "ada@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com",
        "ada@example。com",
        "ada@example\uff0ecom",
        "ada@example｡com",
        "ada\uff20example.com",
    ],
)
def test_every_spelling_of_an_address_is_one_address(spelling: str) -> None:
    assert normalize_email(spelling) == "ada@example.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jürgen@example.com", "ju\u0308rgen@example.com"),
        ("JÜRGEN@example.com", "ju\u0308rgen@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@bu\u0308cher.example"),
        ("ada@straße.example", "ada@XN--STRAE-OQA.example"),
        ("ada@straße.example", "ada@STRAẞE.example"),
        ("\u212aay@example.com", "kay@example.com"),
    ],
    ids=ascii,
)
def test_unicode_and_idna_spellings_are_one_address(one: str, other: str) -> None:
    assert normalize_email(one) == normalize_email(other) == email_key(f" {one} ") == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@straße.example", "ada@strasse.example"),
        ("ada@STRAẞE.example", "ada@STRASSE.example"),
        ("ada@fa\u03c2.example", "ada@fa\u03c3.example"),
        ("ada@\u0131stanbul.example", "ada@istanbul.example"),
        ("ada@İstanbul.example", "ada@istanbul.example"),
        ("strauß@example.com", "strauss@example.com"),
        ("\u017fam@example.com", "sam@example.com"),
        ("ﬁona@example.com", "fiona@example.com"),
        ("\u0131da@example.com", "ida@example.com"),
        ("İda@example.com", "ida@example.com"),
        ("mc²@example.com", "mc2@example.com"),
        ("ǰ@example.com", "j@example.com"),
        ("ada@example.com", "ada@example.co"),
        ("a.da@example.com", "ada@example.com"),
        ("ada+x@example.com", "ada@example.com"),
    ],
    ids=ascii,
)
def test_addresses_that_only_look_alike_are_two(one: str, other: str) -> None:
    assert normalize_email(one) != normalize_email(other)
    assert email_key(one) != email_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "a b@example.com",
        "ada@example",
        "ada@exa mple.com",
        "ada@example.com.",
        "ada@xn--a.example",
        "ada@a\u200db.example",
        "ada@a\u202eb.example",
        "a\u202eda@example.com",
        "a\u200bda@example.com",
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example\x00",
        "Ada <ada@example.com>",
        "ada@[192.0.2.1]",
        '"a b"@example.com',
        "\uff41\uff44\uff41@example.com",
        "\ud800@example.com",
        "ß" * 127 + "@example.com",
        "İ" * 110 + "@example.com",
    ],
    ids=ascii,
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a valid address"):
        normalize_email(text)
    email_key(text)


def test_ten_thousand_pairs_of_addresses_are_one_exactly_where_the_standards_say_so() -> None:
    chance = Random(9)
    one_address = 0
    for number in range(PAIRS):
        first, second = _pair(chance)
        keys = [_key(address) for address in (first, second)]
        if None in keys:
            continue
        same = _standard(first) == _standard(second)
        one_address += same
        assert (keys[0] == keys[1]) is same, (first, second, keys)
        if number % 50 == 0:
            assert keys == [email_key(address) for address in (first, second)] == [_key(str(key)) for key in keys]
    assert 1_000 < one_address < PAIRS


def _pair(chance: Random) -> tuple[str, str]:
    """Two spellings of the same letters: one address, or two that only look alike."""
    local = "".join(chance.choices(LETTERS, k=chance.randint(1, 6)))
    domain = "".join(chance.choices(DOMAINS, k=chance.randint(1, 5))) if chance.random() < 0.1 else "abc"
    return _spelled(chance, local, domain), _spelled(chance, local, domain)


def _spelled(chance: Random, local: str, domain: str) -> str:
    dot = "." if domain == "abc" else chance.choice(DOTS)
    return f"{_respelled(chance, local)}@{_respelled(chance, domain)}{dot}example"


def _respelled(chance: Random, text: str) -> str:
    ways = (
        str,
        str,
        str.upper,
        str.lower,
        str.casefold,
        lambda character: normalize(chance.choice(("NFC", "NFD")), character),
    )
    return "".join(chance.choice(ways)(character) for character in text)


def _key(text: str) -> str | None:
    try:
        return normalize_email(text)
    except ValueError:
        return None


def _standard(text: str) -> tuple[str, bytes]:
    """RFC 6532 and RFC 5891 by the reference package, with nothing of ours."""
    local, _, domain = text.partition("@")
    return normalize("NFC", normalize("NFC", local).lower()), _a_labels(domain)


@cache
def _a_labels(domain: str) -> bytes:
    return idna.encode(domain, uts46=True)


def test_nothing_is_compared_by_folding_it() -> None:
    """`str.casefold` is for searching: by it ß is ss, and two owners are one."""
    code = [path for folder in ("shared/python", "functions", "infra") for path in (ROOT / folder).rglob("*.py")]

    assert [path for path in code if ".casefold(" in path.read_text(encoding="utf-8")] == []

"""Names are anyone's text, and others read them in our mails."""

import re
from unicodedata import category

import pytest

from groundswell.kernel.names import check_person, check_place, in_mail

PEOPLE = [
    "Ada Lovelace",
    "Jürgen",
    "Seán O'Brien-Ngô",
    "J.R.R. Tolkien",
    "St.John",
    "john.smith",
    "Dr. No",
    "María José (Pepa)",
    "李小龍",
    "امیر\u200cحسین",
    "Ada, Countess of Lovelace",
    "Anna 👩\u200d🔬",
]
PLACES = [
    *PEOPLE,
    "Booking.com",
    "Node.js",
    "AT&T",
    "Toys \\ Us",
    "Yahoo!",
    "50/50",
    "A/B Labs",
    "@home",
    "Café @ Night",
    "24:7 Shop",
    "cal.com",
]
ATTACKS = [
    "PayPal Security https://evil.example/login",
    "http:\\\\evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "//evil.example",
    "www.evil.example",
    "Click evil.example/login",
    "evil.example:8080",
    "evil.example?x=1",
    "evil\u3002example/login",
    "\uff48\uff54\uff54\uff50://evil.example",
    "www\uff0eevil\uff0eexample",
    "mailto:ada",
    "javascript:alert(1)",
    "support@evil.example",
    "support\uff20evil.example",
    "203.0.113.9",
    "Win at 203.0.113.9:80",
    "[click](x)",
]
UNSEEN = ["a\nb", "a\r\nBcc: x", "a\x00", "a\u202eb", "a\u2066b\u2069", "a\u200fb", "\ufeffa", "a\u2028b", "a\u200bb"]


@pytest.mark.parametrize("name", PEOPLE)
def test_people_may_be_called_what_people_are_called(name: str) -> None:
    assert check_person(name) == name


@pytest.mark.parametrize("name", PLACES)
def test_places_may_be_called_what_places_are_called(name: str) -> None:
    assert check_place(name) == name


@pytest.mark.parametrize("name", [*ATTACKS, *UNSEEN, "x" * 101], ids=ascii)
@pytest.mark.parametrize("check", [check_place, check_person])
def test_a_name_is_no_link_no_address_and_nothing_unseen(check, name: str) -> None:
    with pytest.raises(ValueError, match=r"at most|a name holds|control characters"):
        check(name)


@pytest.mark.parametrize("name", ["evil.com", "Visit evil.example", "win.co.uk", "pay.app now"])
def test_nobody_is_called_like_a_domain(name: str) -> None:
    with pytest.raises(ValueError, match="link"):
        check_person(name)


@pytest.mark.parametrize("name", [*ATTACKS, *UNSEEN, "Booking.com", "x" * 9_000, "evil.example " * 500], ids=ascii)
def test_whatever_is_stored_a_mail_shows_one_short_line_without_a_link(name: str) -> None:
    shown = in_mail(name, "Somebody")

    assert 0 < len(shown.replace("\u200b", "")) <= 61
    assert not re.search(r"\w[.\u3002\uff0e]\w|@\w|://|:\w", shown)
    assert {category(character) for character in shown.replace("\u200b", "")}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})


def test_a_mail_shows_an_honest_name_as_it_is() -> None:
    assert [in_mail(name) for name in ("Ada Lovelace", "AT&T", "Dr. No")] == ["Ada Lovelace", "AT&T", "Dr. No"]
    assert in_mail("Booking.com").replace("\u200b", "") == "Booking.com"
    assert in_mail("https://evil.example", "Somebody") == in_mail("", "Somebody") == "Somebody"
    assert in_mail("PayPal https://evil.example/x Security") == "PayPal Security"

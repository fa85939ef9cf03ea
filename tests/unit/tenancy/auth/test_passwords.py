import pytest

from groundswell.kernel.errors import Invalid
from groundswell.tenancy.auth.passwords import Passwords, check_password


def test_a_hash_matches_its_password_only() -> None:
    passwords = Passwords()
    hashed = passwords.hash("correct horse battery")

    assert hashed.startswith("$argon2id$")
    assert passwords.matches("correct horse battery", hashed)
    assert not passwords.matches("correct horse batter", hashed)
    assert not passwords.is_outdated(hashed)


def test_two_hashes_of_one_password_differ() -> None:
    assert Passwords().hash("correct horse battery") != Passwords().hash("correct horse battery")


def test_no_byte_of_a_long_password_is_dropped() -> None:
    passwords = Passwords()

    assert not passwords.matches("a" * 72 + "b", passwords.hash("a" * 72 + "c"))


def test_however_a_keyboard_composes_a_letter_it_is_one_password() -> None:
    passwords = Passwords()

    assert passwords.matches("pfu\u0308tze im sommer", passwords.hash("pf\u00fctze im sommer"))


def test_nobodys_password_is_checked_with_the_same_work(monkeypatch) -> None:
    verified = []
    hasher = Passwords.matches.__globals__["_hasher"]
    monkeypatch.setitem(
        Passwords.matches.__globals__,
        "_hasher",
        type("Counting", (), {"verify": staticmethod(lambda *a: verified.append(a) or hasher.verify(*a))}),
    )

    assert not Passwords().matches("nobody has this password", None)
    assert not Passwords().matches("anything", None)
    assert len(verified) == 2


def test_a_broken_hash_matches_nothing() -> None:
    assert not Passwords().matches("correct horse battery", "not a hash")


def test_a_hash_made_with_weaker_parameters_is_outdated() -> None:
    weak = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$ZGVhZGJlZWZkZWFkYmVlZg"

    assert Passwords().is_outdated(weak)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "length"),
        ("x" * 257, "length"),
        ("ü" * 129, "length"),
        ("Ada@Example.com", "context"),
        ("adalovelace", "context"),
        ("aaaaaaaaaaaa", "weak"),
        ("abababababab", "weak"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, code: str) -> None:
    email = "adalovelace@example.com" if password == "adalovelace" else "ada@example.com"

    with pytest.raises(Invalid) as refused:
        check_password(password, email, field="new_password")

    assert (refused.value.problems[0].field, refused.value.problems[0].code) == ("new_password", code)


@pytest.mark.parametrize("password", ["correct horse", "пароль из слов", "🦄🐉🔥⚡🌊🌍🌙🌟🌈🍀", "a" * 7 + "bcd"])
def test_any_other_password_is_fine(password: str) -> None:
    check_password(password, "ada@example.com")

"""The list of passwords that nobody may choose, and the trap of 72 bytes."""

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.tenancy.auth.breached import is_common
from groundswell.tenancy.auth.passwords import Passwords, check_password


@pytest.mark.parametrize(
    "password", ["qwertyuiop", "QwertyUiop", "1q2w3e4r5t", "password123", "Password2024", "iloveyou!!", "manchester1"]
)
def test_what_everybody_tries_first_is_refused(password):
    with pytest.raises(Invalid) as refused:
        check_password(password, "ada@example.com", field="new_password")

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("new_password", "breached")]


@pytest.mark.parametrize(
    "password", ["correct horse battery", "demo-password-1234", "michael-8461935720", "Tr0ub4dor&3x", "pässwörter-42"]
)
def test_what_is_on_no_list_passes(password):
    check_password(password, "ada@example.com")


def test_the_lists_own_remarks_are_no_passwords():
    assert not is_common("# Merged by rank from the lists in two packages")


def test_passwords_that_differ_after_the_72nd_byte_differ():
    """bcrypt reads 72 bytes and forgets the rest without a word; Argon2 reads all."""
    passwords, stem = Passwords(), "correct horse battery " * 4
    assert len(stem.encode()) > 72

    hashed = passwords.hash(stem + "one")

    assert passwords.matches(stem + "one", hashed)
    assert not passwords.matches(stem + "two", hashed)
    assert not passwords.matches(stem, hashed)


def test_an_account_without_a_password_takes_none():
    passwords = Passwords()

    assert not passwords.matches("", "")
    assert not passwords.matches("nobody has this password", "")

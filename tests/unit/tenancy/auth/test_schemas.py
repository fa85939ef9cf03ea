import pytest
from pydantic import ValidationError

from functions.auth.schemas import ProfileIn, RegisterIn, ResetIn
from groundswell.tenancy.auth.email import normalize_email

NAMED = {"email": "ada@example.com", "password": "correct horse battery"}


@pytest.mark.parametrize(
    "spelling",
    [
        "Ada@Example.COM",
        "ada@example.com",
        "ADA@EXAMPLE.com",
        "ada@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com",
        "ada@example。com",
        "\uff41\uff44\uff41@example.com",
        "ada\uff20example.com",
    ],
)
def test_every_spelling_of_an_address_is_one_address(spelling: str) -> None:
    assert normalize_email(spelling) == "ada@example.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jürgen@example.com", "ju\u0308rgen@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@bu\u0308cher.example"),
    ],
)
def test_unicode_and_idna_spellings_are_one_address(one: str, other: str) -> None:
    assert normalize_email(one) == normalize_email(other)


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
        "a@b.example\r\nBcc: x@y.example",
        "Ada <ada@example.com>",
        "ada@[192.0.2.1]",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a valid address"):
        normalize_email(text)


def test_either_spelling_of_a_name_is_taken() -> None:
    whole = RegisterIn(**NAMED, name="Ada King Lovelace").sign_up()
    parts = RegisterIn(**NAMED, first_name="Ada", last_name="King Lovelace").sign_up()

    assert (whole.first_name, whole.last_name) == (parts.first_name, parts.last_name) == ("Ada", "King Lovelace")


def test_somebody_without_a_name_is_asked_for_it() -> None:
    with pytest.raises(ValidationError, match="send name"):
        RegisterIn(**NAMED)


@pytest.mark.parametrize("text", ["a\r\nBcc: x@y.example", "a\x00", "", "   ", "x" * 201, "a\u2028b"])
def test_a_name_is_one_line_of_text(text: str) -> None:
    with pytest.raises(ValidationError):
        RegisterIn(**NAMED, name=text)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": "t"},
        {"new_password": "correct horse battery"},
        {"email": "ada@example.com", "token": "t", "new_password": "correct horse battery"},
    ],
)
def test_a_reset_has_one_meaning(body: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ResetIn(**body)


def test_a_password_does_not_show_where_the_schema_is_printed() -> None:
    assert "horse" not in repr(RegisterIn(**NAMED, name="Ada"))


def test_a_profile_changes_what_was_sent() -> None:
    assert ProfileIn().changes() == {}
    assert ProfileIn(name="Ada King").changes() == {"first_name": "Ada", "last_name": "King"}
    assert ProfileIn(name="Ada King", last_name="Byron").changes() == {"first_name": "Ada", "last_name": "Byron"}
    assert ProfileIn(preferences={"theme": "dark"}).changes() == {"preferences": {"theme": "dark"}}

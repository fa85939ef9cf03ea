import pytest
from pydantic import ValidationError

from functions.auth.schemas import ProfileIn, RegisterIn, ResetIn

NAMED = {"email": "ada@example.com", "password": "correct horse battery"}


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

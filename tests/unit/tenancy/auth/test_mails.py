import pytest

from groundswell.access.model import Role
from groundswell.tenancy.auth.mails import reset_mail, verification_mail
from groundswell.tenancy.auth.model import User
from tests.clock import START

USER = User("u", "o", "ada@example.com", "<b>Ada</b>", "L", Role.OWNER, False, True, START, START)


@pytest.mark.parametrize(("make", "page"), [(verification_mail, "verify-email"), (reset_mail, "reset-password")])
def test_a_mail_leads_to_the_frontend_with_its_token(make, page: str) -> None:
    mail = make("m1", USER, "t&k+n", "https://app.example")

    assert (mail.id, mail.to) == ("m1", "ada@example.com")
    assert f"https://app.example/{page}?token=t%26k%2Bn" in mail.text
    assert "Token, for API users: t&k+n" in mail.text


def test_names_are_text_in_html() -> None:
    mail = reset_mail("m1", USER, "token", "https://app.example")

    assert "&lt;b&gt;Ada&lt;/b&gt;" in mail.html
    assert "<b>" not in mail.html

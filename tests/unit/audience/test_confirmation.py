"""The mail that asks somebody whether they want to be on a list."""

from datetime import UTC, datetime

import pytest

from groundswell.audience.confirmation import request_mail
from groundswell.audience.model import MailingList, OptIn
from groundswell.leads.model import Lead

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "subject"),
    [(None, "Confirm your"), ("de-AT", "Bestätigen Sie"), ("tlh", "Confirm your")],
)
def test_it_is_in_the_language_of_whom_it_is_to(locale: str | None, subject: str) -> None:
    lead = Lead("l", "c", "me", NOW, NOW, NOW, NOW, email="ada@a.example", locale=locale)
    mailing_list = MailingList("n", "c", "News <b>", OptIn.DOUBLE, "me", NOW, NOW)

    mail = request_mail("m", lead, mailing_list, "https://a.example/c/t")

    assert mail.subject.startswith(subject)
    assert "News &lt;b&gt;" in (mail.html or "")
    assert "https://a.example/c/t" in mail.text


def test_the_lists_name_is_no_message_to_strangers() -> None:
    lead = Lead("l", "c", "me", NOW, NOW, NOW, NOW, email="ada@a.example")
    evil = "PayPal Security https://evil.example/login or support@evil.example \u202e" + "now " * 50

    mail = request_mail("m", lead, MailingList("n", "c", evil, OptIn.DOUBLE, "me", NOW, NOW), "https://a.example/c/t")

    for part in (mail.subject, mail.text, mail.html or ""):
        assert "evil.example" not in part
        assert "\u202e" not in part
        assert part.count("now") < 15

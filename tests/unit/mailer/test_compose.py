import json

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.mailer.compose import compose
from groundswell.mailer.model import Mail, parse_mail
from tests.clock import START

MAIL = Mail("0192f0c1", "ada@example.com", "Grüße", "Hallo,\n.\nEnde", "<p>Hallo</p>")
SENDER = "Groundswell <no-reply@groundswell.dev>"


def test_a_mail_is_text_and_html_with_an_id_of_its_own() -> None:
    message = compose(MAIL, SENDER, START)

    assert (message["To"], message["Subject"], message["From"]) == ("ada@example.com", "Grüße", SENDER)
    assert message["Message-ID"] == "<0192f0c1@groundswell.dev>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Sun, 22 Nov 2026 09:00:00 +0000"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_an_invitation_is_a_part_of_its_own_that_says_its_method() -> None:
    entry = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"
    sent = parse_mail(Mail(**(vars(MAIL) | {"calendar": entry})).to_message().body)
    part = list(compose(sent, SENDER, START).iter_parts())[-1]

    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "CANCEL")
    assert part.get_content().replace("\r\n", "\n") == entry.replace("\r\n", "\n")


def test_a_mail_that_was_told_of_before_invitations_is_one() -> None:
    old = {name: value for name, value in vars(MAIL).items() if name != "calendar"}

    assert parse_mail(json.dumps(old)) == MAIL


def test_a_repeated_delivery_has_the_same_message_id() -> None:
    assert compose(MAIL, SENDER, START)["Message-ID"] == compose(MAIL, SENDER, START)["Message-ID"]


@pytest.mark.parametrize("field", ["to", "subject"])
@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r"])
def test_no_header_can_be_smuggled_in(field: str, break_: str) -> None:
    hostile = Mail(**(vars(MAIL) | {field: f"ada@example.com{break_}Bcc: everybody@example.com"}))

    with pytest.raises(Invalid):
        compose(hostile, SENDER, START)


def test_a_mail_survives_its_queue() -> None:
    message = MAIL.to_message()

    assert (message.queue, message.id) == ("mail", MAIL.id)
    assert parse_mail(message.body) == MAIL


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "null",
        "[]",
        "{}",
        '{"id": "1"}',
        '{"id": 1, "to": "a", "subject": "s", "text": "t", "html": "h"}',
        '{"id": "1", "to": null, "subject": "s", "text": "t", "html": "h"}',
        '{"id": "1", "to": "a", "subject": "s", "text": "t", "html": "h", "bcc": "b"}',
    ],
)
def test_what_is_no_mail_is_bad_input(body: str) -> None:
    with pytest.raises(Invalid):
        parse_mail(body)

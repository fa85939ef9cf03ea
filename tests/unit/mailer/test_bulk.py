"""Bulk mail written quickly says what the standard library reads, and what it would have written itself."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.mailer.bulk import bulk_bytes, suits
from groundswell.mailer.compose import compose, raw
from groundswell.mailer.model import BulkMail
from tests.clock import START

SENDER = "Jürgen's Shop <news@shop.example>"
TEXTS = {
    "plain": "Hi Ann,\nall is well.\n",
    "no end": "Hi",
    "dots": ".\n..\n.hidden\n",
    "spaces at ends": "one  \ntwo\t\nthree =20=\n",
    "umlauts": "Grüße aus Köln, wo es schön ist, und sonst ist alles wie immer, sagt man dort.\n",
    "cyrillic": "Привет, Анна! Всё хорошо.\n" * 20,
    "emoji": "🎉" * 400,
    "long line": "word " * 500,
    "long umlauts": "straße " * 500,
    "carriage returns": "one\r\ntwo\rthree\n",
    "encoded words": "=?utf-8?b?SGk=?=",
    "empty": "",
}


def parsed(mail: BulkMail) -> EmailMessage:
    content = bulk_bytes(mail, SENDER, START)
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert content.replace(b"\r\n", b"").count(b"\n") == content.replace(b"\r\n", b"").count(b"\r") == 0
    return message_from_bytes(content, policy=default)  # type: ignore[return-value]


def mail(subject: str = "Sale", text: str = "Hi", html: str = "", **headers: str) -> BulkMail:
    return BulkMail("k-1-2", "ann@people.example", subject, text, html, headers=headers)


def lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_reader_finds_both_parts_as_they_were_written(text: str) -> None:
    message = parsed(mail(text=text, html=f"<p>{text}</p>"))
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert lines(plain.get_content()) == lines(text)
    assert lines(html.get_content()) == lines(f"<p>{text}</p>")
    assert lines(parsed(mail(text=text)).get_content()) == lines(text)


@pytest.mark.parametrize(
    "subject", [*(text.replace("\n", " ").replace("\r", " ") for text in TEXTS.values()), "a" * 255]
)
def test_headers_are_those_that_the_library_writes(subject: str) -> None:
    more = {"Reply-To": "Ä <a@b.example>", "List-Unsubscribe": f"<https://a.example/{'x' * 400}>", "Precedence": "bulk"}
    sent = mail(subject=subject.strip(), **more)
    ours, theirs = parsed(sent), message_from_bytes(compose(sent, SENDER, START).as_bytes(), policy=default)
    assert ours["Subject"].split() == sent.subject.split()
    for name in ("From", "To", "Reply-To", "Date", "Message-ID", "Precedence", "MIME-Version"):
        assert ours[name] == theirs[name], name
    assert ours["List-Unsubscribe"] == more["List-Unsubscribe"]


@pytest.mark.parametrize("hostile", ["a\nBcc: x@y.example", "a\rb", "a\r\n\r\nbody"])
def test_a_line_break_in_a_header_is_refused(hostile: str) -> None:
    for message in (mail(subject=hostile), mail(**{"Reply-To": hostile}), mail(**{"X-Campaign-Id": hostile})):
        with pytest.raises(Invalid):
            bulk_bytes(message, SENDER, START)
    with pytest.raises(Invalid):
        bulk_bytes(mail(), f"{hostile} <a@b.example>", START)


def test_addresses_of_other_alphabets_are_left_to_the_library() -> None:
    other = BulkMail("k-1-2", "用户@例子.example", "Sale", "Hi", "")
    assert not suits(other, "a@b.example")
    assert suits(mail(), "a@b.example")
    assert "用户@例子.example".encode() in raw(other, "a@b.example", START) or b"=?utf-8?" in raw(
        other, "a@b.example", START
    )

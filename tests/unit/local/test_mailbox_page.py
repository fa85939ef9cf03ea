"""The mailbox as a page: mails are anybody's text."""

from infra.local.mailbox_page import find, mail_page, mailbox_page

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def mail(number: int, **more: str | None):
    headers = {"Message-ID": f"<m{number}@example.com>"}
    plain = {"to": "ada@example.com", "from": "us@example.com", "subject": f"Mail {number}", "text": "Hi", "html": None}
    return {**plain, "headers": headers, **more}


def page(answer) -> tuple[str, str]:
    return answer.body.decode(), dict(answer.headers)["content-security-policy"]


def test_the_newest_is_shown_until_another_is_chosen():
    messages = [mail(2), mail(1)]

    newest, _ = page(mailbox_page(messages, None, None))
    older, _ = page(mailbox_page(messages, None, "<m1@example.com>"))

    assert "<dd>Mail 2</dd>" in newest
    assert "<dd>Mail 1</dd>" in older
    assert '/_local/mailbox/mail?id=%3Cm1%40example.com%3E"' in older


def test_a_mail_is_framed_so_that_nothing_in_it_runs():
    listed, policy = page(mailbox_page([mail(1, html=EVIL, subject=EVIL, **{"from": EVIL})], EVIL, None))
    framed, inner = page(mail_page(mail(1, html=EVIL)))

    assert "<script" not in listed
    assert "<img" not in listed
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in listed
    assert "script-src" not in policy + inner
    assert "default-src 'none'" in policy
    assert "default-src 'none'" in inner
    assert "sandbox allow-popups" in inner
    assert "allow-scripts" not in listed + inner
    assert EVIL in framed, "a mail is shown as it is"


def test_a_mail_without_html_is_its_text():
    assert "<pre>a &lt; b</pre>" in page(mail_page(mail(1, text="a < b")))[0]


def test_an_empty_mailbox_says_so_and_a_mail_that_is_gone_is_none():
    assert "No mail yet." in page(mailbox_page([], None, None))[0]
    assert find([mail(1)], "<other@example.com>") is None

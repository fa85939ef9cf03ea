"""Verdicts and their reasons; typos; how long they hold."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.validation.judging import judge
from groundswell.validation.model import RECHECKS, Domain, Mailbox, MailState, Opinion, Reason, Verdict, settled
from groundswell.validation.phones import check_phone
from groundswell.validation.syntax import NoAddress, parse_address
from groundswell.validation.typos import meant

NOW = datetime(2026, 11, 30, tzinfo=UTC)
TAKES = Domain("good.test", MailState.TAKES_MAIL, ("mx.good.test",))


def verdict(reason: Reason | None, *, disposable: bool = False, role: bool = False) -> str:
    mailbox = Mailbox(reason) if reason else None
    return judge(parse_address("ada@good.test"), TAKES, mailbox, disposable=disposable, role=role).verdict.value


def test_a_risk_makes_a_good_address_risky_and_a_bad_one_no_better():
    assert verdict(Reason.MAILBOX_EXISTS) == verdict(None) == "deliverable"
    assert verdict(Reason.MAILBOX_EXISTS, role=True) == verdict(None, disposable=True) == "risky"
    assert verdict(Reason.MAILBOX_NOT_FOUND, role=True) == "undeliverable"
    assert verdict(Reason.GREYLISTED, disposable=True) == "unknown"


@pytest.mark.parametrize(
    ("domain", "suggestion"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("yaho.com", "yahoo.com"),
        ("acme.con", "acme.com"),
        ("gmail.com", None),
        ("gmx.at", None),
        ("mail.test", None),
        ("acme.example", None),
        ("email.com", None),
    ],
)
def test_mistyped_domains_are_known_and_others_left_alone(domain, suggestion):
    assert meant(domain) == suggestion


def test_unknown_is_checked_again_a_few_times_and_the_rest_holds_for_a_month():
    grey = Opinion(Verdict.UNKNOWN, (Reason.GREYLISTED,))
    waits = [settled("a@b.test", grey, NOW, attempts).recheck_at for attempts in range(5)]
    assert waits == [*(NOW + recheck for recheck in RECHECKS), None]
    assert settled("a@b.test", Opinion(Verdict.UNKNOWN, (Reason.SMTP_REFUSED,)), NOW, 0).recheck_at is None
    assert settled("a@b.test", Opinion(Verdict.RISKY, (Reason.ROLE,)), NOW, 0).expires_at == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    "text",
    ["ada", "@a.test", "a@b", "a b@c.test", "a@-b.test", "a@b.test,c@d.test", "a\n@b.test", "x" * 65 + "@b.test"],
)
def test_what_is_no_address_is_none(text):
    with pytest.raises(NoAddress):
        parse_address(text)


def test_addresses_have_one_spelling():
    assert parse_address("Ada@B\u00fccher.Test").email == "ada@xn--bcher-kva.test"
    assert parse_address('"ada lovelace"@b.test').local == '"ada lovelace"'


def test_a_number_is_checked_by_its_countrys_plan():
    assert check_phone("+49 30 901820").reasons == (Reason.NUMBER_NOT_CALLED,)
    assert check_phone("030 901820", "DE").phone == "+4930901820"
    assert check_phone("+1 111 111 1111").verdict is Verdict.UNDELIVERABLE
    assert check_phone("call me").reasons == (Reason.SYNTAX,)

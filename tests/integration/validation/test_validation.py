"""Verdicts over HTTP, by a real DNS server and a real mail server on loopback."""

import contextlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from groundswell.schedules.timers import firing_body
from groundswell.validation import adapter_smtp
from tests.backend import Backend
from tests.calls import Crash
from tests.gateway import call_handler
from tests.integration.validation.peers import BROKEN, Dns, Mailboxes, dns_server, mail_server
from tests.people import People, Person
from tests.timers import due_timers

EXPECTED = {
    "ada@good.test": ("deliverable", ["mailbox_exists"]),
    "Ada+News@GOOD.test": ("deliverable", ["mailbox_exists"]),
    "ada@plain.test": ("deliverable", ["mailbox_exists"]),
    "ada@m\u00fcnchen.test": ("deliverable", ["mailbox_exists"]),
    "\u00e4da@good.test": ("deliverable", ["mailbox_exists"]),
    "ada@xn--mnchen-3ya.test": ("deliverable", ["mailbox_exists"]),
    '"ada king"@good.test': ("deliverable", ["mailbox_exists"]),
    "ada@all.test": ("risky", ["catch_all"]),
    "support@all.test": ("risky", ["catch_all", "role"]),
    "bob@all.test": ("risky", ["catch_all"]),
    "info@good.test": ("risky", ["mailbox_exists", "role"]),
    "ada@mailinator.com": ("risky", ["mailbox_exists", "disposable"]),
    "ada@gmail.com": ("deliverable", ["mailbox_exists", "free"]),
    "nobody@gmail.com": ("undeliverable", ["mailbox_not_found", "free"]),
    "full@gmail.com": ("risky", ["mailbox_full", "free"]),
    "ada@yopmail.com": ("undeliverable", ["domain_not_found", "disposable"]),
    "info@null.test": ("undeliverable", ["null_mx", "role"]),
    "full@good.test": ("risky", ["mailbox_full"]),
    "nobody@good.test": ("undeliverable", ["mailbox_not_found"]),
    "disabled@good.test": ("undeliverable", ["mailbox_disabled"]),
    "ada@null.test": ("undeliverable", ["null_mx"]),
    "ada@nothing.test": ("undeliverable", ["no_mail_server"]),
    "ada@absent.test": ("undeliverable", ["domain_not_found"]),
    "ada@gmial.com": ("undeliverable", ["domain_not_found", "disposable", "typo"]),
    "ada@hotmail.con": ("undeliverable", ["domain_not_found", "typo"]),
    "ada@": ("undeliverable", ["syntax"]),
    "ada..b@good.test": ("undeliverable", ["syntax"]),
    f"{'a' * 65}@good.test": ("undeliverable", ["syntax"]),
    "ada @good.test": ("undeliverable", ["syntax"]),
    "@good.test": ("undeliverable", ["syntax"]),
    "ada@good..test": ("undeliverable", ["syntax"]),
    "ada@[127.0.0.1]": ("undeliverable", ["syntax"]),
    "ada@bob@good.test": ("undeliverable", ["syntax"]),
    "grey@good.test": ("unknown", ["greylisted"]),
    "busy@good.test": ("unknown", ["smtp_unreachable"]),
    "tarpit@slow.test": ("unknown", ["smtp_timeout"]),
    "blocked@good.test": ("unknown", ["smtp_refused"]),
    "ada@away.test": ("unknown", ["smtp_unreachable"]),
    "ada@both.test": ("unknown", ["smtp_unreachable"]),
    f"ada@{BROKEN}": ("unknown", ["dns_timeout"]),
}


@dataclass
class Validating:
    backend: Backend
    person: Person
    dns: Dns
    boxes: Mailboxes
    people: People

    def check(self, *emails: str) -> list[dict]:
        self.person = self.people.sign_in(self.person.email)  # time may have passed
        answer = self.person.post("/search/validate", {"emails": list(emails)})
        assert answer.status == 200, answer.body
        return answer.data

    def fire(self, *bodies: str) -> None:
        """What the tick sends of the timers that are set."""
        timers = due_timers(self.backend, self.person.client_id, "email.recheck")
        for body in bodies or [firing_body(timer) for timer in timers]:
            records = {"Records": [{"messageId": "m", "body": body}]}
            assert call_handler(self.backend, "search_jobs", records) == {"batchItemFailures": []}


@pytest.fixture
def validating(moto: Backend, people: People) -> Iterator[Validating]:
    with dns_server() as server, mail_server() as (boxes, port):
        moto.configure(DNS_SERVERS=f"127.0.0.1:{server.port}", SMTP_PROBES="on", SMTP_PROBE_PORT=str(port))
        forgotten(moto)
        yield Validating(moto, people.sign_up(), server, boxes, people)


def forgotten(backend: Backend) -> None:
    """What other tests learned of domains."""
    table = backend.resources.tables["ephemeral"]
    for item in backend.items("ephemeral"):
        if item["pk"]["S"].startswith("MAILDOMAIN#"):
            backend.aws.dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})


def test_each_address_has_the_verdict_that_its_servers_give_it(validating: Validating, monkeypatch) -> None:
    monkeypatch.setattr(adapter_smtp, "_SECONDS", 2.0)
    assert len(EXPECTED) >= 40
    results = validating.check(*EXPECTED)

    verdicts = {text: (result["verdict"], result["reasons"]) for text, result in zip(EXPECTED, results, strict=True)}
    assert verdicts == EXPECTED
    assert results[list(EXPECTED).index("ada@gmial.com")]["suggestion"] == "ada@gmail.com"
    assert results[1]["email"] == "ada+news@good.test"
    assert {result["email"] for result in results if result["recheck_at"]} == {
        "grey@good.test",
        "busy@good.test",
        "tarpit@slow.test",
        "ada@away.test",
        "ada@both.test",
        f"ada@{BROKEN}",
    }
    assert validating.boxes.mails == 0


def test_a_domain_is_asked_once_for_all_and_so_is_whether_it_takes_everything(validating: Validating) -> None:
    validating.check("one@all.test", "two@all.test", "one@good.test", "two@good.test")
    validating.check("three@all.test", "one@all.test", "three@good.test")

    assert validating.dns.asked.count("all.test MX") == validating.dns.asked.count("good.test MX") == 1
    addresses = validating.boxes.asked
    assert [address for address in addresses if address.endswith("@all.test") and len(address) < 16] == ["one@all.test"]
    assert len([address for address in addresses if address.endswith("@good.test") and len(address) > 18]) == 1
    assert [address for address in addresses if address == "one@good.test"] == ["one@good.test"]


def test_a_greylisted_address_turns_by_itself_and_webhooks_and_its_lead_know(validating: Validating, advance) -> None:
    lead = validating.person.post("/leads", {"email": "grey@good.test"}).data["id"]
    [before] = validating.check("grey@good.test")
    assert (before["verdict"], before["recheck_at"] > before["checked_at"]) == ("unknown", True)
    assert validating.person.get(f"/leads/{lead}").data["email_verdict"] == "unknown"
    [firing] = due_timers(validating.backend, validating.person.client_id, "email.recheck")
    assert "grey" not in firing_body(firing)

    advance(minutes=6)
    validating.fire(*[firing_body(firing)] * 2)

    [after] = validating.check("grey@good.test")
    assert (after["verdict"], after["reasons"], after["recheck_at"]) == ("deliverable", ["mailbox_exists"], None)
    assert validating.boxes.asked.count("grey@good.test") == 2
    assert due_timers(validating.backend, validating.person.client_id, "email.recheck") == []
    kept = validating.person.get(f"/leads/{lead}").data
    assert (kept["email_verdict"], kept["email_checked_at"]) == ("deliverable", after["checked_at"])
    messages = [
        json.loads(item["body"]["S"]) for item in validating.backend.items("core") if item["kind"]["S"] == "outbox"
    ]
    assert [message["data"]["verdict"] for message in messages if message.get("type") == "email.verdict"] == [
        "deliverable"
    ]
    changed = validating.person.put(f"/leads/{lead}", {"email": "other@good.test"}).data
    assert (changed["email_verdict"], changed["email_checked_at"]) == (None, None)


@pytest.mark.parametrize("after", [False, True])
def test_a_recheck_that_dies_at_any_call_is_made_and_told_once(validating, advance, calls, after) -> None:
    validating.check("grey@good.test")
    [firing] = due_timers(validating.backend, validating.person.client_id, "email.recheck")
    advance(minutes=6)

    for step in itertools.count():
        advance(minutes=3)  # the lease of whoever died ends
        with calls.crashing(step, after=after) as made, contextlib.suppress(Crash):
            validating.fire(firing_body(firing))
        if len(made) <= step:
            break

    [result] = validating.check("grey@good.test")
    assert (result["verdict"], step >= 5) == ("deliverable", True)
    waiting = [item["body"]["S"] for item in validating.backend.items("core") if item["kind"]["S"] == "outbox"]
    messages = [body for body in waiting if "email.verdict" in body and validating.person.client_id in body]
    assert len(messages) == 1


def test_an_address_that_stays_unknown_is_given_up_in_the_end(validating: Validating, advance) -> None:
    validating.check(f"ada@{BROKEN}")
    for minutes in (6, 21, 61, 241):
        advance(minutes=minutes)
        validating.fire()
    assert due_timers(validating.backend, validating.person.client_id, "email.recheck") == []
    [result] = validating.check(f"ada@{BROKEN}")
    assert (result["verdict"], result["recheck_at"]) == ("unknown", None)
    advance(days=2)
    assert validating.check(f"ada@{BROKEN}")[0]["recheck_at"] is not None


def test_without_probes_a_domain_that_takes_mail_is_enough_and_nobody_is_asked(validating: Validating) -> None:
    validating.backend.configure(SMTP_PROBES="")
    results = validating.check("nobody@good.test", "info@good.test", "ada@null.test")
    assert [(result["verdict"], result["reasons"]) for result in results] == [
        ("deliverable", ["mailbox_not_checked"]),
        ("risky", ["mailbox_not_checked", "role"]),
        ("undeliverable", ["null_mx"]),
    ]
    assert validating.boxes.asked == []


def test_phones_are_checked_by_their_plan_and_wrong_requests_are_refused(validating: Validating) -> None:
    post = validating.person.post
    email, phone = post("/search/validate", {"email": "ada@good.test", "phone": "+49 30 901820"}).data
    assert (email["email"], phone["phone"], phone["verdict"]) == ("ada@good.test", "+4930901820", "unknown")
    [national] = post("/search/validate", {"phone": "030 901820", "country": "de"}).data
    assert national["phone"] == "+4930901820"
    assert post("/search/validate", {"phone": "12"}).data[0]["reasons"] == ["syntax"]
    for body in ({}, {"emails": []}, {"emails": ["a@b.test"] * 101}, {"email": 5}):
        assert post("/search/validate", body).status == 400

"""Checks of many addresses: in time, each domain once."""

import asyncio
from datetime import UTC, datetime

from groundswell.validation.model import Domain, Mailbox, MailState, Reason
from groundswell.validation.service import ValidationService

NOW = datetime(2026, 11, 30, tzinfo=UTC)


class Store:
    def __init__(self) -> None:
        self.kept = {}
        self.known = {}

    def find(self, client_id, ids):
        return {identifier: self.kept[identifier] for identifier in ids if identifier in self.kept}

    def save(self, client_id, checked, turned=()):
        self.kept |= {validation.id: validation for validation in checked}

    def domains(self, names):
        return {name: self.known[name] for name in names if name in self.known}

    def save_domain(self, domain):
        self.known[domain.name] = domain


class Directory:
    def __init__(self) -> None:
        self.asked = []

    async def domain(self, name):
        self.asked.append(name)
        if name == "silent.test":
            await asyncio.Event().wait()
        return Domain(name, MailState.TAKES_MAIL, ("mx.test",))


class Servers:
    def __init__(self) -> None:
        self.asked = []

    async def ask(self, address, domain, *, ask_catch_all):
        self.asked.append((address.email, ask_catch_all))
        return Mailbox(Reason.MAILBOX_EXISTS, catch_all=domain.name == "all.test" if ask_catch_all else None)


class Lists:
    def is_disposable(self, domain):
        return False

    def is_role(self, email):
        return False


def check(*emails, seconds=5.0):
    directory, servers = Directory(), Servers()
    service = ValidationService(Store(), directory, servers, Lists(), lambda: NOW)
    results = asyncio.run(service.check("client", emails, seconds))
    return results, directory, servers


def test_what_takes_too_long_is_unknown_and_does_not_hold_up_the_others():
    (slow, quick), _, _ = check("ada@silent.test", "ada@good.test", seconds=0.05)
    assert (slow.verdict, slow.reasons, quick.verdict) == ("unknown", (Reason.NOT_IN_TIME,), "deliverable")
    assert slow.recheck_at is not None


def test_a_domain_is_asked_once_and_a_catch_all_for_no_more_addresses():
    results, directory, servers = check("a@all.test", "b@all.test", "a@good.test", "b@good.test", "a@all.test")
    assert directory.asked == ["all.test", "good.test"]
    assert servers.asked == [("a@all.test", True), ("a@good.test", True), ("b@good.test", False)]
    assert [result.verdict.value for result in results] == ["risky", "risky", "deliverable", "deliverable", "risky"]

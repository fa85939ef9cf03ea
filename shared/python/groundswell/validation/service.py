"""Checks addresses: by what is known, syntax, the domain's DNS and, where the stage allows it, its mail server."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.validation.judging import judge
from groundswell.validation.model import (
    Checked,
    Domain,
    Mailbox,
    MailState,
    Opinion,
    Reason,
    Verdict,
    email_id,
    settled,
)
from groundswell.validation.syntax import Address, NoAddress, parse_address

TOGETHER = 20
"""Domains that are asked about at once."""


class Directory(Protocol):
    """The DNS."""

    async def domain(self, name: str) -> Domain: ...


class MailServers(Protocol):
    async def ask(self, address: Address, domain: Domain, *, ask_catch_all: bool) -> Mailbox: ...


class VerdictStore(Protocol):
    def find(self, client_id: str, ids: Collection[str]) -> Mapping[str, Checked]:
        """Those that hold, by id."""
        ...

    def save(self, client_id: str, checked: Sequence[Checked], turned: Collection[str] = ()) -> None:
        """With the timers of those that are checked again, on the leads that have the addresses; webhooks hear of
        those in `turned` (ids)."""
        ...

    def domains(self, names: Collection[str]) -> Mapping[str, Domain]:
        """What is known, of those of which something is."""
        ...

    def save_domain(self, domain: Domain) -> None: ...


class Lists(Protocol):
    def is_disposable(self, domain: str) -> bool: ...

    def is_role(self, email: str) -> bool: ...


class ValidationService:
    """`servers` is None where the stage asks no mail servers."""

    def __init__(
        self,
        store: VerdictStore,
        directory: Directory,
        servers: MailServers | None,
        lists: Lists,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._directory = directory
        self._servers = servers
        self._lists = lists
        self._now = now

    async def check(self, client_id: str, texts: Sequence[str], seconds: float) -> Sequence[Checked]:
        """A verdict for each text, in their order. What takes longer than `seconds` is unknown, and checked again by
        itself."""
        parsed = {text: _parsed(text) for text in texts}
        addresses = {address.email: address for address in parsed.values() if isinstance(address, Address)}
        known = dict(self._store.find(client_id, {email_id(email) for email in addresses}))
        missing = [address for address in addresses.values() if email_id(address.email) not in known]
        opinions = await self._opinions(missing, seconds)
        now = self._now()
        made = [settled(address.email, opinions.get(address.email, _LATE), now, 0) for address in missing]
        if made:
            self._store.save(client_id, made)
        known |= {check.id: check for check in made}
        return [
            known[email_id(address.email)] if isinstance(address, Address) else settled(text, _WRONG, now, 0)
            for text, address in ((text, parsed[text]) for text in texts)
        ]

    async def recheck(self, client_id: str, verdict_id: str, seconds: float) -> Checked | None:
        """One that may have turned. None if it is forgotten, or not to be checked now: a repeat finds nothing to do."""
        before = self._store.find(client_id, [verdict_id]).get(verdict_id)
        if before is None or before.recheck_at is None or before.recheck_at > self._now():
            return None
        address = parse_address(before.email)
        opinions = await self._opinions([address], seconds)
        opinion = opinions.get(address.email, _LATE)
        after = settled(before.email, opinion, self._now(), before.attempts + 1)
        self._store.save(client_id, [after], () if after.recheck_at else (after.id,))
        return after

    async def _opinions(self, addresses: Sequence[Address], seconds: float) -> dict[str, Opinion]:
        """Of those that could be judged in time."""
        by_domain: dict[str, list[Address]] = {}
        for address in addresses:
            by_domain.setdefault(address.domain, []).append(address)
        known = self._store.domains(by_domain)
        opinions: dict[str, Opinion] = {}
        room = asyncio.Semaphore(TOGETHER)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(
                    *(self._judge(name, group, known.get(name), opinions, room) for name, group in by_domain.items())
                )
        return opinions

    async def _judge(
        self,
        name: str,
        addresses: Sequence[Address],
        known: Domain | None,
        opinions: dict[str, Opinion],
        room: asyncio.Semaphore,
    ) -> None:
        """Those of one domain, one after the other: the first learns for all whether it takes every address."""
        async with room:
            domain = known or await self._directory.domain(name)
            before = known
            for address in addresses:
                mailbox = await self._mailbox(address, domain)
                if mailbox and mailbox.catch_all is not None:
                    domain = replace(domain, catch_all=mailbox.catch_all)
                opinions[address.email] = judge(
                    address,
                    domain,
                    mailbox,
                    disposable=self._lists.is_disposable(domain.name),
                    role=self._lists.is_role(address.email),
                )
            if domain != before and domain.state is not MailState.TIMEOUT:
                self._store.save_domain(domain)

    async def _mailbox(self, address: Address, domain: Domain) -> Mailbox | None:
        if self._servers is None or domain.state is not MailState.TAKES_MAIL:
            return None
        if domain.catch_all:
            return Mailbox(Reason.CATCH_ALL)
        return await self._servers.ask(address, domain, ask_catch_all=domain.catch_all is None)


_WRONG = Opinion(Verdict.UNDELIVERABLE, (Reason.SYNTAX,))
_LATE = Opinion(Verdict.UNKNOWN, (Reason.NOT_IN_TIME,))


def _parsed(text: str) -> Address | NoAddress:
    try:
        return parse_address(text)
    except NoAddress as error:
        return error

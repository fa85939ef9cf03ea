"""Asks mail servers whether they take mail for an address, and hangs up before there is any (RFC 5321).

Only public addresses are called. On the local stage loopback is, too, at a port that is not mail's own: somebody set it
for a peer of theirs.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Self

from groundswell.outbound.addresses import is_loopback, is_public, parse_address
from groundswell.validation.adapter_dns import addresses_of
from groundswell.validation.model import Domain, Mailbox, Reason
from groundswell.validation.smtp import Reply, greeting_reason, mailbox_reason
from groundswell.validation.syntax import Address

_SECONDS = 12.0
"""For one server, whatever it does."""
_CONNECT_SECONDS = 4.0
_LINES_AT_MOST, _LONGEST_LINE = 50, 2_000
_MAIL_PORT = 25


class _NoTalk(Exception):
    """There is nobody to talk to, or they say no more."""


@dataclass
class _Talk:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def say(self, line: str) -> Reply:
        self.writer.write(f"{line}\r\n".encode())
        await self.writer.drain()
        return await self.hear()

    async def hear(self) -> Reply:
        """Raises _NoTalk."""
        lines: list[str] = []
        for _ in range(_LINES_AT_MOST):
            try:
                raw = await self.reader.readline()
            except ValueError as error:  # longer than the stream's limit
                raise _NoTalk from error
            line = raw.decode("utf-8", "replace").rstrip()
            if not raw or not line[:3].isdecimal():
                raise _NoTalk
            lines.append(line[4:])
            if line[3:4] != "-":
                return Reply(int(line[:3]), "\n".join(lines))
        raise _NoTalk


class SmtpServers:
    def __init__(self, port: int, sender: str, new_secret: Callable[[int], str], *, is_local: bool) -> None:
        """`sender` is who asks: an address whose domain is the name that we give."""
        self._port = port
        self._sender = sender
        self._new_secret = new_secret
        self._may_loop = is_local and port != _MAIL_PORT

    async def ask(self, address: Address, domain: Domain, *, ask_catch_all: bool) -> Mailbox:
        """Of the first server that talks."""
        mailbox = Mailbox(Reason.SMTP_UNREACHABLE)
        for host in domain.hosts:
            try:
                async with asyncio.timeout(_SECONDS):
                    return await self._ask(host, address, ask_catch_all=ask_catch_all)
            except TimeoutError:
                mailbox = Mailbox(Reason.SMTP_TIMEOUT)
            except (_NoTalk, OSError):
                continue
        return mailbox

    async def _ask(self, host: str, address: Address, *, ask_catch_all: bool) -> Mailbox:
        """Raises _NoTalk, OSError."""
        async with await self._connected(host) as talk:
            greeting = await talk.hear()
            if not greeting.accepts:
                return Mailbox(greeting_reason(greeting))
            name = self._sender.rpartition("@")[2] or "localhost"
            hello = await talk.say(f"EHLO {name}")
            if not hello.accepts:
                hello = await talk.say(f"HELO {name}")
            utf8 = "SMTPUTF8" in hello.text.upper()
            if address.needs_utf8 and not utf8:
                return Mailbox(Reason.SMTPUTF8_UNSUPPORTED)
            begun = await talk.say(f"MAIL FROM:<{self._sender}>{' SMTPUTF8' if address.needs_utf8 else ''}")
            if not begun.accepts:
                return Mailbox(greeting_reason(begun))
            mailbox = await self._mailbox(talk, address, ask_catch_all=ask_catch_all)
            talk.writer.write(b"QUIT\r\n")
            return mailbox

    async def _mailbox(self, talk: _Talk, address: Address, *, ask_catch_all: bool) -> Mailbox:
        reason = mailbox_reason(await talk.say(f"RCPT TO:<{address.email}>"))
        if reason is not Reason.MAILBOX_EXISTS or not ask_catch_all:
            return Mailbox(reason)
        nobody = f"{self._new_secret(12).lower().replace('_', 'x').replace('-', 'y')}@{address.domain}"
        other = await talk.say(f"RCPT TO:<{nobody}>")
        if other.accepts or other.code >= 500:
            return Mailbox(reason, catch_all=other.accepts)
        return Mailbox(reason)

    async def _connected(self, host: str) -> _Talk:
        """To the first address that answers. Raises _NoTalk: there is none, or one that is not public among them."""
        addresses = await addresses_of(host) or ()
        if not addresses or not all(map(self._may_call, addresses)):
            raise _NoTalk
        for address in addresses[:2]:
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    return _Talk(*await asyncio.open_connection(address, self._port, limit=_LONGEST_LINE))
            except (OSError, TimeoutError):
                continue
        raise _NoTalk

    def _may_call(self, text: str) -> bool:
        address = parse_address(text)
        return is_public(address) or (self._may_loop and is_loopback(address))


def smtp_servers(new_secret: Callable[[int], str]) -> SmtpServers | None:
    """None where the stage asks none (`SMTP_PROBES`)."""
    if os.environ["SMTP_PROBES"].lower() not in ("on", "true", "1"):
        return None
    sender = parseaddr(os.environ["MAIL_FROM"])[1]
    local = os.environ.get("STAGE") == "local"
    return SmtpServers(int(os.environ["SMTP_PROBE_PORT"]), sender, new_secret, is_local=local)

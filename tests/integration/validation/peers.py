"""A DNS server with a zone of ours, and a mail server that answers as real ones do, on loopback."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from aiosmtpd.controller import Controller

ZONE: dict[str, dict[str, list[str]]] = {
    "good.test": {"MX": ["20 mx2.good.test.", "10 mx.good.test."]},
    "mx.good.test": {"A": ["127.0.0.1"]},
    "all.test": {"MX": ["10 mx.good.test."]},
    "plain.test": {"A": ["127.0.0.1"]},
    "slow.test": {"MX": ["10 mx.good.test."]},
    "null.test": {"MX": ["0 ."]},
    "nothing.test": {"TXT": ['"v=spf1 -all"']},
    "xn--mnchen-3ya.test": {"MX": ["10 mx.good.test."]},
    "mailinator.com": {"MX": ["10 mx.good.test."]},
    "gmail.com": {"MX": ["10 mx.good.test."]},
    "away.test": {"MX": ["10 mx.away.test."]},
    "mx.away.test": {"A": ["10.0.0.1"]},
    "both.test": {"MX": ["10 mx.both.test."]},
    "mx.both.test": {"A": ["127.0.0.1", "10.0.0.1"]},
}
BROKEN = "broken.test"
"""SERVFAIL."""


@dataclass
class Dns:
    port: int
    asked: list[str] = field(default_factory=list)


@contextmanager
def dns_server() -> Iterator[Dns]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.05)
        made, closing = Dns(server.getsockname()[1]), threading.Event()
        thread = threading.Thread(target=_serve, args=(server, made, closing))
        thread.start()
        try:
            yield made
        finally:
            closing.set()
            thread.join()


def _serve(server: socket.socket, made: Dns, closing: threading.Event) -> None:
    while not closing.is_set():
        try:
            wire, sender = server.recvfrom(4096)
        except TimeoutError:
            continue
        server.sendto(_answer(dns.message.from_wire(wire), made).to_wire(), sender)


def _answer(query: dns.message.Message, made: Dns) -> dns.message.Message:
    question = query.question[0]
    name, kind = str(question.name).rstrip(".").lower(), question.rdtype.name
    made.asked.append(f"{name} {kind}")
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    if name == BROKEN:
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif name not in ZONE:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    elif texts := ZONE[name].get(kind):
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
    return answer


@dataclass
class Mailboxes:
    """`greylisted` are let in at the second time that they are asked about."""

    asked: list[str] = field(default_factory=list)
    greylisted: set[str] = field(default_factory=set)
    mails: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 - aiosmtpd's name
        self.asked.append(address)
        local, _, domain = address.partition("@")
        if local == "grey" and address not in self.greylisted:
            self.greylisted.add(address)
            return "451 4.7.1 Greylisted, try again later"
        if local == "tarpit":
            await asyncio.sleep(60)
        replies = {
            "busy": "421 4.3.2 Too busy, closing",
            "nobody": "550 5.1.1 No such user",
            "full": "452 4.2.2 The mailbox is over its quota",
            "disabled": "550 5.2.1 The account is disabled",
            "blocked": "550 5.7.1 Blocked by spamhaus",
        }
        if local in replies:
            return replies[local]
        if domain != "all.test" and len(local) > 14:
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails += 1
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Mailboxes, int]]:
    mailboxes = Mailboxes()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailboxes, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield mailboxes, port
    finally:
        controller.stop()

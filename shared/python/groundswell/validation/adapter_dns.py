"""The DNS, by dnspython: the servers of `DNS_SERVERS` (`127.0.0.1:5353`, comma-separated), else the system's."""

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from groundswell.validation.model import Domain, MailState

_LIFETIME = 4.0
_TRY_SECONDS = 1.5
_HOSTS = 3
_RESERVED = frozenset({"test", "example", "invalid", "localhost"})
"""Top-level domains that nobody will ever have (RFC 2606): the public DNS is not asked."""


class DnsDirectory:
    async def domain(self, name: str) -> Domain:
        """MX records; without any the domain's own address takes its mail (RFC 5321 §5.1)."""
        if name.rpartition(".")[2] in _RESERVED and not _servers():
            return Domain(name, MailState.NOT_FOUND)
        import dns.exception
        import dns.resolver

        try:
            answer = await _resolve(name, "MX")
        except dns.resolver.NXDOMAIN:
            return Domain(name, MailState.NOT_FOUND)
        except dns.resolver.NoAnswer:
            return await self._without_mx(name)
        except dns.exception.DNSException:
            return Domain(name, MailState.TIMEOUT)
        records = sorted((int(record.preference), str(record.exchange).rstrip(".").lower()) for record in answer)
        hosts = tuple(host for _, host in records if host)
        if not hosts:
            return Domain(name, MailState.NULL_MX)
        return Domain(name, MailState.TAKES_MAIL, hosts[:_HOSTS])

    async def _without_mx(self, name: str) -> Domain:
        addresses = await addresses_of(name)
        if addresses is None:
            return Domain(name, MailState.TIMEOUT)
        return Domain(name, MailState.TAKES_MAIL, (name,)) if addresses else Domain(name, MailState.NO_MAIL_SERVER)


async def addresses_of(host: str) -> Sequence[str] | None:
    """Of both families; none where it has none, None where nobody says."""
    import dns.exception
    import dns.resolver

    addresses: list[str] = []
    silent = 0
    for kind in ("A", "AAAA"):
        try:
            addresses += [str(record.address) for record in await _resolve(host, kind)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            continue
        except dns.exception.DNSException:
            silent += 1
    return None if silent and not addresses else addresses


async def _resolve(name: str, kind: str) -> Any:
    return await _resolver().resolve(name, kind, search=False, lifetime=_LIFETIME)


@cache
def _resolver() -> Any:
    import dns.asyncresolver
    import dns.nameserver

    servers = _servers()
    resolver = dns.asyncresolver.Resolver(configure=not servers)
    resolver.timeout = _TRY_SECONDS
    if servers:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(*_place(server)) for server in servers]
    return resolver


def _servers() -> list[str]:
    return [server.strip() for server in os.environ["DNS_SERVERS"].split(",") if server.strip()]


def _place(server: str) -> tuple[str, int]:
    """`[::1]:53`, `127.0.0.1:5353`, `9.9.9.9`. Raises ValueError."""
    host, colon, port = server.rpartition(":")
    if not colon or server.endswith("]") or (":" in host and not host.endswith("]")):
        return server.strip("[]"), 53
    return host.strip("[]"), int(port)


async def texts_of(name: str) -> Sequence[str] | None:
    """Its TXT records, each in one piece; None where nobody says."""
    import dns.exception
    import dns.resolver

    try:
        answer = await _resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException:
        return None
    return tuple(b"".join(record.strings).decode(errors="replace") for record in answer)

"""Machines that open mails and follow links before, or instead of, people."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from groundswell.campaigns.ledger import Click, Delivery

_MARKS = (
    "bot",
    "crawl",
    "spider",
    "scanner",
    "preview",
    "headless",
    "barracuda",
    "proofpoint",
    "mimecast",
    "symantec",
    "fortinet",
    "trendmicro",
    "safelinks",
    "urldefense",
    "facebookexternalhit",
)
_APPLE = "mozilla/5.0"
"""Apple's Mail Privacy Protection says that and nothing more, whether or not anybody reads."""
BURST = timedelta(seconds=5)
BURST_LINKS = 3
CLICKS_AT_MOST = 20


def is_machine(method: str, headers: Mapping[str, str]) -> bool:
    """By what it says of itself. Header names are in lower case."""
    agent = headers.get("user-agent", "").strip().lower()
    fetched_early = any("prefetch" in headers.get(name, "").lower() for name in ("purpose", "sec-purpose", "x-moz"))
    return method == "HEAD" or fetched_early or agent in ("", _APPLE) or any(mark in agent for mark in _MARKS)


def clicked(one: Delivery, new: Click) -> Delivery:
    """Once for each link by people, and once by machines. Who follows three links within five seconds reads none: all
    of these are a machine's then, the first ones too, and so is an opening among them."""
    known = any((click.link, click.machine) == (new.link, new.machine) for click in one.clicks)
    if known or len(one.clicks) >= CLICKS_AT_MOST:
        return one
    every = (*one.clicks, new)
    near = [click for click in every if abs(new.at - click.at) <= BURST]
    if len({click.link for click in near}) < BURST_LINKS:
        return replace(one, clicks=every)
    clicks = tuple(replace(click, machine=True) if click in near else click for click in every)
    if one.opened_at is None or abs(new.at - one.opened_at) > BURST:
        return replace(one, clicks=clicks)
    return replace(one, clicks=clicks, opened_at=None, opened_by_machine=True)

"""A page of the web and those that it leads to for contacts: fetched, and read for people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from groundswell.kernel.clock import rfc3339
from groundswell.language_model.model import AnswerUnusable, ModelFailure, Question, Reply
from groundswell.language_model.prompt import chat_of, tokens_at_most
from groundswell.search.candidates import Candidate, content_of, joined
from groundswell.search.extraction import people_on
from groundswell.search.judging import ANSWER_TOKENS, people_in_answer, question_about
from groundswell.search.model import Cost, Goal, MadeBy, Strategy, model_cost
from groundswell.search.pages import Page

CONTACT_PAGES = 2
"""Further pages of a site that are read."""
_LEADS_TO_PEOPLE = (
    "team",
    "people",
    "leadership",
    "management",
    "about",
    "über",
    "ueber",
    "contact",
    "kontakt",
    "impressum",
    "imprint",
)
_REPAIRS = 2
"""An answer that does not fit is asked for once more."""


class Unread(Exception):
    """The page was not read; the text says why, in a word."""


class Pages(Protocol):
    async def fetch(self, client_id: str, url: str) -> Page:
        """Raises Unread: refused by robots.txt or by address, unreachable, not a page."""
        ...


class Model(Protocol):
    async def ask(self, org_id: str, question: Question) -> Reply:
        """Raises ModelFailure."""
        ...


@dataclass(frozen=True)
class Reading:
    """`content` is JSON. `model_is_down`: nothing will be had from it for a while."""

    content: Mapping[str, Any]
    cost: Cost
    model_is_down: bool = False
    lacked_tokens: bool = False


@dataclass
class _Findings:
    people: list[Candidate] = field(default_factory=list)
    cost: Cost = field(default_factory=Cost)
    read_by: MadeBy = MadeBy.RULES
    model_is_down: bool = False
    lacked_tokens: bool = False
    suspicious: bool = False


class PageReader:
    """`model` is None where the stage has none."""

    def __init__(
        self, pages: Pages, model: Model | None, now: Callable[[], datetime], new_secret: Callable[[], str]
    ) -> None:
        self._pages = pages
        self._model = model
        self._now = now
        self._new_secret = new_secret

    async def read(self, goal: Goal, strategy: Strategy, url: str, tokens: int) -> Reading:
        """`tokens` are what the model may cost for it; 0: rules read it."""
        findings = _Findings()
        try:
            page = await self._pages.fetch(goal.client_id, url)
        except Unread as reason:
            return Reading(_content(url, findings, str(reason)), Cost(pages=1))
        await self._judge(goal, strategy, page, tokens, findings)
        self._note(page, strategy, findings)
        for more in contact_pages(page):
            try:
                self._note(await self._pages.fetch(goal.client_id, more), strategy, findings)
            except Unread:
                findings.cost += Cost(pages=1)
        return Reading(_content(url, findings, None), findings.cost, findings.model_is_down, findings.lacked_tokens)

    def _note(self, page: Page, strategy: Strategy, findings: _Findings) -> None:
        findings.cost += Cost(pages=1)
        findings.suspicious |= page.suspicious
        findings.people += people_on(page, rfc3339(self._now()), strategy.filters.locations)

    async def _judge(self, goal: Goal, strategy: Strategy, page: Page, tokens: int, findings: _Findings) -> None:
        """Ask the model, where there is one and the budget has room."""
        if self._model is None or not tokens or not page.text.strip():
            return
        question = question_about(page, goal, strategy)
        if (tokens_at_most(chat_of(question, self._new_secret)) + ANSWER_TOKENS) * _REPAIRS > tokens:
            findings.lacked_tokens = True
            return
        try:
            reply = await self._model.ask(goal.org_id, question)
        except ModelFailure as failure:
            findings.cost += model_cost(failure.usage)
            findings.model_is_down = not isinstance(failure, AnswerUnusable)
            return
        findings.cost += model_cost(reply.usage)
        findings.read_by = MadeBy.AI
        findings.people += people_in_answer(reply.value, page, rfc3339(self._now()))


def contact_pages(page: Page) -> Sequence[str]:
    """Of the same host, whose address or text says that people are on it."""
    ranks: dict[str, int] = {}
    for link in page.links:
        host = (urlsplit(link.url).hostname or "").removeprefix("www.") if link.url else ""
        if host != page.host or link.url == page.url or not link.url.startswith("http"):
            continue
        text = f"{urlsplit(link.url).path} {link.text}".lower()
        places = [place for place, word in enumerate(_LEADS_TO_PEOPLE) if word in text]
        if places:
            ranks.setdefault(link.url, min(places))
    return sorted(ranks, key=lambda url: ranks[url])[:CONTACT_PAGES]


def _content(url: str, findings: _Findings, unread: str | None) -> dict[str, Any]:
    return {
        "url": url,
        "unread": unread,
        "read_by": None if unread else findings.read_by.value,
        "suspicious": findings.suspicious,
        "people": [content_of(person) for person in joined(findings.people)],
    }

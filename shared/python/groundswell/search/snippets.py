"""Who is in the search engine's answer itself: networks say it in their pages' titles, and let nobody read these."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from groundswell.search.candidates import Candidate, Fact, Source
from groundswell.search.extraction import email_of
from groundswell.search.pages import speaks_to_models
from groundswell.search.words import AT_COMPANY, EMAIL, PARTS, is_title, name_in

_NETWORKS = frozenset({"linkedin", "xing", "the org", "crunchbase", "github", "x", "facebook"})


@dataclass(frozen=True)
class Hit:
    """One of the search engine's results."""

    url: str
    title: str
    description: str

    @property
    def text(self) -> str:
        return f"{self.title} {self.description}"


def hits_in(answer: Mapping[str, Any]) -> Iterator[Hit]:
    """Of Brave's answer. What has another shape is passed over."""
    web = answer.get("web")
    results = web.get("results") if isinstance(web, Mapping) else None
    for result in results if isinstance(results, list) else ():
        if isinstance(result, Mapping) and isinstance(url := result.get("url"), str):
            more = result.get("extra_snippets")
            texts = [result.get("description"), *(more if isinstance(more, list) else ())]
            described = " ".join(_plain(text) for text in texts if isinstance(text, str))
            yield Hit(url[:2048], _plain(str(result.get("title") or ""))[:300], described[:3_000])


def person_in(hit: Hit, retrieved_at: str) -> Candidate | None:
    """`Ada Lovelace - Head of Growth - Acme | LinkedIn`."""
    parts = [part for part in PARTS.split(hit.title) if part and part.lower() not in _NETWORKS]
    name = name_in(parts[0]) if parts else None
    if name is None or len(parts) < 2 or speaks_to_models(hit.text):
        return None
    facts = {"name": Fact(name, 0.8)}
    match = AT_COMPANY.match(parts[1])
    if is_title(parts[1]):
        facts["title"] = Fact(match["title"] if match else parts[1], 0.7)
    company = match["company"] if match else parts[2] if len(parts) > 2 else None if "title" in facts else parts[1]
    if company:
        facts["company"] = Fact(company, 0.7)
    if email := next(filter(None, map(email_of, EMAIL.findall(hit.description))), None):
        facts["email"] = Fact(email, 0.6)
    return Candidate(facts, (Source(hit.url, retrieved_at, tuple(facts)),), hit.text[:800])


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _plain(text: str) -> str:
    """Brave marks what matched with tags."""
    return " ".join(text.replace("<strong>", "").replace("</strong>", "").split())

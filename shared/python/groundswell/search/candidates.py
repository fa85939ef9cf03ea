"""Who was found somewhere: facts with how sure each is, and where they stood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

FIELDS = ("name", "title", "company", "website", "email", "phone", "location")
_SUREST = 0.99


@dataclass(frozen=True)
class Fact:
    """`confidence` of 0 to 1."""

    value: str
    confidence: float


@dataclass(frozen=True)
class Source:
    """`retrieved_at` in RFC 3339; `fields` are those that it says."""

    url: str
    retrieved_at: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """`about` is text around it that ranking looks into: the block, the page's title."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    about: str = ""

    def value(self, name: str) -> str | None:
        fact = self.facts.get(name)
        return fact.value if fact else None

    @property
    def domain(self) -> str:
        host = urlsplit(self.value("website") or "").hostname or ""
        return host.removeprefix("www.")

    @property
    def keys(self) -> frozenset[str]:
        """Two with one of these in common are one."""
        email, phone, name = self.value("email"), self.value("phone"), self.value("name")
        keys = {f"email:{email}"} if email else set()
        if name:
            where = self.domain or (self.value("company") or "").lower()
            keys |= {f"name:{name.lower()}@{where}"} if where else set()
            keys |= {f"phone:{phone}:{name.lower()}"} if phone else set()
        elif not email and (phone or self.domain):
            keys.add(f"company:{self.domain or phone}")
        return frozenset(keys)


def content_of(candidate: Candidate) -> dict[str, Any]:
    """JSON."""
    return {
        "facts": {name: [fact.value, fact.confidence] for name, fact in candidate.facts.items()},
        "sources": [[source.url, source.retrieved_at, list(source.fields)] for source in candidate.sources],
        "about": candidate.about,
    }


def read_candidate(content: Mapping[str, Any]) -> Candidate:
    facts = {name: Fact(value, confidence) for name, (value, confidence) in content["facts"].items()}
    sources = tuple(Source(url, at, tuple(fields)) for url, at, fields in content["sources"])
    return Candidate(facts, sources, content["about"])


def joined(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each person once, in the order in which they were met first."""
    people: list[Candidate] = []
    places: dict[str, int] = {}
    for candidate in candidates:
        known = sorted({places[key] for key in candidate.keys if key in places})
        if not candidate.keys:
            continue
        at = known[0] if known else len(people)
        if known:
            people[at] = _both(people[at], candidate)
        else:
            people.append(candidate)
        places |= dict.fromkeys(people[at].keys | candidate.keys, at)
    return people


def _both(one: Candidate, other: Candidate) -> Candidate:
    facts = {name: _surer(one.facts.get(name), other.facts.get(name)) for name in FIELDS}
    sources: dict[str, Source] = {}
    for source in (*one.sources, *other.sources):
        before = sources.get(source.url, Source(source.url, source.retrieved_at))
        fields = tuple(name for name in FIELDS if name in before.fields or name in source.fields)
        sources[source.url] = Source(source.url, before.retrieved_at, fields)
    about = one.about if other.about in one.about else f"{one.about}\n{other.about}"[:4_000]
    return Candidate({name: fact for name, fact in facts.items() if fact}, tuple(sources.values()), about)


def _surer(one: Fact | None, other: Fact | None) -> Fact | None:
    """Two that say the same make it surer; of two that do not, the surer one holds."""
    if one is None or other is None:
        return one or other
    if one.value.lower() == other.value.lower():
        return Fact(one.value, min(_SUREST, round(1 - (1 - one.confidence) * (1 - other.confidence), 2)))
    return one if one.confidence >= other.confidence else other

"""Which results come first, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from groundswell.search.candidates import Candidate
from groundswell.search.model import Factor, Filters, Strategy

_REACHED = {"deliverable": 0.6, "risky": 0.4, "unknown": 0.4, "undeliverable": 0.0}
_LEARNT_FROM = 5
"""Won and lost leads: fewer say nothing."""


@dataclass(frozen=True)
class Outcomes:
    """How often a word stood in the titles of leads that were won, and lost."""

    won: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    leads: int = 0

    def share(self, title: str) -> float | None:
        """Of won ones among those with such words, smoothed; None where they say nothing."""
        words = _words(title)
        won, lost = (sum(counts.get(word, 0) for word in words) for counts in (self.won, self.lost))
        return (won + 1) / (won + lost + 2) if won + lost and self.leads >= _LEARNT_FROM else None


def outcomes_of(won: Iterable[str], lost: Iterable[str]) -> Outcomes:
    """Of the titles of leads that were won, and lost."""
    counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
    leads = 0
    for place, titles in enumerate((won, lost)):
        for title in titles:
            leads += 1
            for word in _words(title):
                counts[place][word] = counts[place].get(word, 0) + 1
    return Outcomes(*counts, leads)


@dataclass(frozen=True)
class Ranked:
    """`points` of 0 to 1."""

    candidate: Candidate
    points: float
    why: str


def excluded(candidate: Candidate, filters: Filters) -> bool:
    text = _searchable_text(candidate)
    return any(term.lower() in text for term in filters.exclude)


def rank(
    candidates: Iterable[Candidate],
    strategy: Strategy,
    outcomes: Outcomes,
    verdicts: Mapping[str, str] = MappingProxyType({}),
) -> list[Ranked]:
    """Best first; of equals the one that was found first. Each factor's part is its weight among all. `verdicts` say
    which addresses can be reached."""
    whole = sum(factor.weight for factor in strategy.ranking) or 1.0
    ranked: list[Ranked] = []
    for candidate in candidates:
        points, reasons = 0.0, list[str]()
        for weighting in strategy.ranking:
            part, reason = _part(weighting.factor, candidate, strategy.filters, outcomes, verdicts)
            points += weighting.weight / whole * part
            if reason and weighting.weight:
                reasons.append(reason)
        ranked.append(Ranked(candidate, round(points, 4), "; ".join(reasons) or "found on a page of this search"))
    return sorted(ranked, key=lambda ranked_candidate: -ranked_candidate.points)


def _part(
    factor: Factor, candidate: Candidate, filters: Filters, outcomes: Outcomes, verdicts: Mapping[str, str]
) -> tuple[float, str]:
    match factor:
        case Factor.TITLE:
            return _matched("title", filters.titles, (candidate.value("title") or "").lower())
        case Factor.INDUSTRY:
            return _matched("industry", filters.industries, _searchable_text(candidate))
        case Factor.LOCATION:
            return _matched(
                "place", filters.locations, f"{candidate.value('location') or ''} {_searchable_text(candidate)}".lower()
            )
        case Factor.KEYWORDS:
            return _matched("word", filters.keywords, _searchable_text(candidate))
        case Factor.CONTACT:
            return _contact(candidate, verdicts.get(candidate.value("email") or ""))
        case Factor.CONFIDENCE:
            sure = [fact.confidence for fact in candidate.facts.values()]
            return (sum(sure) / len(sure) if sure else 0.0), ""
        case Factor.HISTORY:
            return _history(candidate, outcomes)


def _matched(what: str, wanted: Sequence[str], text: str) -> tuple[float, str]:
    """The whole term counts most; of its words, those that are there."""
    best, term = 0.0, ""
    words = frozenset(_words(text))
    for wanted_term in wanted:
        parts = _words(wanted_term)
        part = 1.0 if wanted_term.lower() in text else 0.7 * sum(word in words for word in parts) / max(1, len(parts))
        if part > best:
            best, term = part, wanted_term
    return best, f"{what} matches {term}" if best >= 0.35 else ""


def _contact(candidate: Candidate, verdict: str | None) -> tuple[float, str]:
    """An address that cannot be reached is none."""
    email, phone, name = (candidate.value(attribute) for attribute in ("email", "phone", "name"))
    points = (_REACHED.get(verdict or "", 0.5) if email else 0.0) + (0.2 if phone else 0.0) + (0.2 if name else 0.0)
    label = f"e-mail {verdict}" if verdict else "e-mail known"
    ways = [way for way, value in ((label, email), ("phone known", phone)) if value]
    return points, ", ".join(ways)


def _history(candidate: Candidate, outcomes: Outcomes) -> tuple[float, str]:
    share = outcomes.share(candidate.value("title") or "")
    if share is None:
        return 0.5, ""
    return share, f"of leads with such titles {share:.0%} were won"


def _searchable_text(candidate: Candidate) -> str:
    return " ".join((*(fact.value for fact in candidate.facts.values()), candidate.about)).lower()


def _words(text: str) -> list[str]:
    return [word for word in text.lower().replace(",", " ").replace("/", " ").split() if len(word) > 2]

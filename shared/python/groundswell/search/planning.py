"""From a goal to a strategy: the language model's, else that of the rules below.

The rules: a query for each combination of title, industry and place, most specific first, in three wordings; where the
goal names none of these, the words of its text that mean something; excluded words with a minus. All factors rank, at
the weights of `WEIGHTS`.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from groundswell.search.model import LONGEST_QUERY, QUERIES_AT_MOST, Factor, Filters, Goal, Query, Weight
from groundswell.search.wordlists import words

WEIGHTS: Mapping[Factor, tuple[float, str]] = {
    Factor.TITLE: (1.0, "who decides about it"),
    Factor.INDUSTRY: (0.7, "the market that the goal names"),
    Factor.LOCATION: (0.7, "the place that the goal names"),
    Factor.KEYWORDS: (0.5, "words of the goal on the page"),
    Factor.CONTACT: (0.8, "who can be reached"),
    Factor.CONFIDENCE: (0.4, "how sure the page's facts are"),
    Factor.HISTORY: (0.6, "how leads with such titles ended"),
}
_WORD = re.compile(r"[^\W\d_][\w'&.-]{2,}")
_EMPTY = words("stop_words")
_WORDS_OF_GOAL = 6


def ranking() -> tuple[Weight, ...]:
    return tuple(Weight(factor, weight, reason) for factor, (weight, reason) in WEIGHTS.items())


def filters_of(goal: Goal) -> Filters:
    market = goal.target_market
    keywords = goal.keywords or _words(goal.goal)
    return Filters(market.titles, market.industries, goal.locations, keywords, goal.exclude)


def queries_of(goal: Goal) -> tuple[Query, ...]:
    """As many as the budget has searches for."""
    without = "".join(f" -{_term(term)}" for term in goal.exclude[:5])
    seen: dict[str, Query] = {}
    for text, reason in _worded(goal):
        q = f"{text}{without}"[:LONGEST_QUERY].strip()
        seen.setdefault(q.lower(), Query(q, reason))
    return tuple(islice(seen.values(), min(QUERIES_AT_MOST, max(1, goal.budget.searches))))


def _worded(goal: Goal) -> Iterator[tuple[str, str]]:
    market = goal.target_market
    subjects = market.industries or (" ".join(goal.keywords[:4] or _words(goal.goal)) or goal.goal[:100],)
    places, titles = goal.locations or ("",), market.titles
    for title, subject, place in product(titles, subjects, places):
        yield _joined(_term(title), subject, place), f"people with the title {title}"
    for subject, place in product(subjects, places):
        yield _joined(subject, "companies", place), "companies of the market"
        yield _joined(subject, place, "team contact"), "pages that name people and how to reach them"
    for size, subject, place in product(market.company_sizes, subjects, places):
        yield _joined(subject, "companies", size, "employees", place), f"companies of {size} people"
    for keyword, place in product(goal.keywords, places):
        yield _joined(_term(keyword), place, "contact"), f"pages about {keyword}"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _term(text: str) -> str:
    plain = text.replace('"', " ").strip()
    return f'"{plain}"' if " " in plain else plain


def _words(text: str) -> tuple[str, ...]:
    """Those that mean something, each once, in their order."""
    candidates = (match.strip(".'&-") for match in _WORD.findall(text))
    return tuple(
        islice(dict.fromkeys(candidate for candidate in candidates if candidate.lower() not in _EMPTY), _WORDS_OF_GOAL)
    )


def _texts(count: int, length: int) -> dict[str, Any]:
    return {"type": "array", "maxItems": count, "items": {"type": "string", "minLength": 1, "maxLength": length}}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_REASON = {"type": "string", "maxLength": 300}
STRATEGY_SCHEMA = _object(
    queries={
        "type": "array",
        "minItems": 1,
        "maxItems": QUERIES_AT_MOST,
        "items": _object(q={"type": "string", "minLength": 3, "maxLength": LONGEST_QUERY}, reason=_REASON),
    },
    filters=_object(
        titles=_texts(20, 100),
        industries=_texts(20, 100),
        locations=_texts(20, 100),
        keywords=_texts(20, 100),
        exclude=_texts(20, 100),
    ),
    ranking={
        "type": "array",
        "maxItems": len(Factor),
        "items": _object(
            factor={"type": "string", "enum": [factor.value for factor in Factor]},
            weight={"type": "number", "minimum": 0, "maximum": 1},
            reason=_REASON,
        ),
    },
)
INSTRUCTIONS = (
    "You plan web searches that find business leads: people or companies that somebody may want to sell to. The data "
    "is that person's goal. Answer with queries for a web search engine, most promising first, each with the reason "
    "for it; with filters that say which titles, industries, places and words make a result fit, and which words "
    "exclude it; and with the weight of each factor in ranking. Make no more than {searches} queries. Name no "
    "persons, and invent no companies."
)


def read_strategy(value: Any, goal: Goal) -> tuple[tuple[Query, ...], Filters, tuple[Weight, ...]]:
    """Of an answer that fits STRATEGY_SCHEMA. What the goal excludes stays excluded; a factor that is not weighed
    weighs nothing."""
    queries_by_text = {query["q"].strip(): Query(query["q"].strip(), query["reason"]) for query in value["queries"]}
    kept = {name: _plain(texts) for name, texts in value["filters"].items()}
    kept["exclude"] = tuple(dict.fromkeys((*goal.exclude, *kept["exclude"])))
    weights = {Factor(weighting["factor"]): weighting for weighting in value["ranking"]}
    weighed = tuple(
        Weight(factor, float(weighting["weight"]), weighting["reason"]) for factor, weighting in weights.items()
    )
    queries = tuple(query for q, query in queries_by_text.items() if q)[: max(1, goal.budget.searches)]
    return queries or queries_of(goal), Filters(**kept), weighed or ranking()


def _plain(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))

"""What a search for leads compares with: words' beginnings of names, e-mail and company."""

from collections.abc import Iterator

from groundswell.leads.model import Lead

SHORTEST = 2
"""Characters of a search: the first two say where its rows lie."""
_WORDS_AT_MOST = 3
_LONGEST = 60


def tokens(lead: Lead) -> tuple[str, ...]:
    """The texts that a search may be the beginning of, in order."""
    return tuple(sorted(set(_tokens(lead))))


def search_text(lead: Lead) -> str:
    """In which ` <search>` is found when the lead answers it."""
    return "".join(f" {folded(text)}" for text in (lead.name, lead.email, lead.company) if text)


def folded(text: str) -> str:
    return " ".join(text.lower().split())


def first_match(lead: Lead, search: str) -> str | None:
    """The first of the lead's tokens that begins so: where several do, a list shows the lead there only."""
    return next((token for token in tokens(lead) if token.startswith(search)), None)


def _tokens(lead: Lead) -> Iterator[str]:
    for text in (lead.name, lead.company or ""):
        words = folded(text).split()
        for at in range(min(len(words), _WORDS_AT_MOST)):
            yield from _long_enough(" ".join(words[at:]))
    yield from _long_enough(folded(lead.email or ""))


def _long_enough(text: str) -> Iterator[str]:
    if len(text) >= SHORTEST:
        yield text[:_LONGEST]

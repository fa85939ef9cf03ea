"""The model's reading of a page, and what of it holds: only what stands on the page itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundswell.language_model.model import Data, Form, Question
from groundswell.search.candidates import FIELDS, Candidate, Fact, Source
from groundswell.search.extraction import PEOPLE_AT_MOST, email_of
from groundswell.search.model import Goal, Strategy
from groundswell.search.pages import Page
from groundswell.search.words import EMAIL, phone_in

PURPOSE = "search.extraction"
ANSWER_TOKENS = 1_500
LONGEST_PAGE = 12_000
"""Characters of a page that the model reads."""
_NULLABLE = {"type": ["string", "null"], "maxLength": 200}
_CONFIDENCE = {"type": "number", "minimum": 0, "maximum": 1}
_READ = tuple(name for name in FIELDS if name != "website")
_LEAD = {
    "type": "object",
    "properties": {**dict.fromkeys(_READ, _NULLABLE), "confidence": _CONFIDENCE},
    "required": [*_READ, "confidence"],
    "additionalProperties": False,
}
FORM = Form(
    "leads_of_page",
    {
        "type": "object",
        "properties": {"leads": {"type": "array", "maxItems": PEOPLE_AT_MOST, "items": _LEAD}},
        "required": ["leads"],
        "additionalProperties": False,
    },
)
_INSTRUCTIONS = (
    "You read a web page for somebody who looks for business leads. List the people, or companies, on the page that "
    "fit the goal. Copy every value exactly as it stands on the page; what is not there is null. Confidence is how "
    "sure you are that the values belong together. A page without leads gives an empty list."
)


def question_about(page: Page, goal: Goal, strategy: Strategy) -> Question:
    wanted = "; ".join((goal.goal, *strategy.filters.titles, *strategy.filters.industries, *strategy.filters.locations))
    data = (Data("goal", wanted[:2_000]), Data("page", f"{page.title}\n{page.text}"[:LONGEST_PAGE]))
    return Question(PURPOSE, _INSTRUCTIONS, data, FORM, max_tokens=ANSWER_TOKENS, temperature=0.0)


def people_in_answer(answer: Mapping[str, Any], page: Page, retrieved_at: str) -> Iterator[Candidate]:
    """Each value that the page has too. Of whom no address, number or name is left, nobody."""
    shown = Shown(page)
    for lead in answer["leads"]:
        kept = {name: value for name in _READ if (value := shown.value(name, lead[name]))}
        if not kept.keys() & {"email", "phone", "name"}:
            continue
        sure = min(0.95, float(lead["confidence"]))
        facts = {name: Fact(value, round(max(sure, 0.1), 2)) for name, value in kept.items()}
        yield Candidate(facts, (Source(page.url, retrieved_at, tuple(facts)),), " ".join((*kept.values(), page.title)))


class Shown:
    """What stands on a page."""

    def __init__(self, page: Page) -> None:
        text = f"{page.title}\n{page.text}"
        self._text = _squeezed(text)
        linked = [email for block in page.blocks for email in block.emails]
        self._emails = frozenset(filter(None, map(email_of, (*linked, *EMAIL.findall(text)))))
        self._digits = re.sub(r"\D", "", text)

    def value(self, name: str, text: str | None) -> str | None:
        """In the spelling that is kept, if it is there."""
        if not text or not text.strip():
            return None
        if name == "email":
            email = email_of(text.strip())
            return email if email in self._emails else None
        if name == "phone":
            number = phone_in(text)
            return number if number and number[1:] in self._digits else None
        whole = rf"(?<!\w){re.escape(_squeezed(text))}(?!\w)"
        return text.strip() if re.search(whole, self._text) else None


def _squeezed(text: str) -> str:
    return " ".join(text.split()).lower()

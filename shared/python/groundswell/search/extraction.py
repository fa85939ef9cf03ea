"""Who is on a page, by rules: what it declares (schema.org), and lines that stand together.

People write a name, then a title, then how to reach somebody: a name begins a person, and what follows until the
next one is theirs. Addresses that are nobody's by their spelling, and phones without a name, are the company's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from groundswell.kernel.email import normalize_email
from groundswell.leads.companies import FREE_MAIL
from groundswell.search.candidates import FIELDS, Candidate, Fact, Source
from groundswell.search.pages import Block, Page
from groundswell.search.words import (
    AT_COMPANY,
    EMAIL,
    PARTS,
    PHONE,
    fits,
    is_company,
    is_title,
    name_in,
    name_of,
    phone_in,
)
from groundswell.validation.roles import is_role

PEOPLE_AT_MOST = 50
"""Of one page."""
_NEAR = 8
"""Blocks behind a name that may still be about that person."""
_HEADED = 2
"""Blocks between a company's name and that of somebody there."""
_LONGEST = 200


@dataclass
class _Record:
    began: int
    facts: dict[str, Fact] = field(default_factory=dict)
    about: list[str] = field(default_factory=list)

    def learn(self, name: str, value: str | None, confidence: float) -> bool:
        if not value or name in self.facts:
            return False
        self.facts[name] = Fact(value[:_LONGEST], confidence)
        return True


def people_on(page: Page, retrieved_at: str, places: Sequence[str] = ()) -> list[Candidate]:
    """`places` are those that the goal names: where one is on the page, who is there is likely to be."""
    company, confidence = company_of(page)
    declared = [_declared(node) for node in page.declared if _kind(node) == "Person"]
    records = [*declared, *_walk(page.blocks), *_companies(page)]
    made: list[Candidate] = []
    is_directory = _is_directory(records)
    for record in records[: PEOPLE_AT_MOST * 2]:
        _complete(record, page, company, confidence, is_directory)
        _locate(record, page, places)
        if candidate := _candidate(record, page, retrieved_at):
            made.append(candidate)
    return made[:PEOPLE_AT_MOST]


def email_of(text: str) -> str | None:
    try:
        return normalize_email(text)
    except ValueError:
        return None


def company_of(page: Page) -> tuple[str, float]:
    """The company that the page is of, and how sure that is."""
    for thing in page.declared:
        if _kind(thing) == "Organization" and (name := _text(thing.get("name"))):
            return name, 0.9
    if page.site_name:
        return page.site_name, 0.8
    parts = [part for part in PARTS.split(page.title) if part]
    named = next((part for part in parts if is_company(part)), None)
    if named or len(parts) > 1:
        return named or parts[-1], 0.7 if named else 0.5
    return page.host, 0.3


class _Walk:
    """Through the blocks of a page, from one name to the next."""

    def __init__(self) -> None:
        self.records: list[_Record] = []
        self._record: _Record | None = None
        self._company: tuple[int, str] | None = None

    def read(self, at: int, block: Block) -> None:
        if self._record and at - self._record.began > _NEAR:
            self._record = None
        for part in _parts(block):
            self._note(at, part, is_heading=block.is_heading)
        if self._record:
            self._record.about.append(block.text)
        self.records += _reached(block, self._record, at)

    def _note(self, at: int, part: str, *, is_heading: bool) -> None:
        if is_company(part):
            if is_heading or not (self._record and self._record.learn("company", part, 0.8)):
                self._company = (at, part)
        elif name := name_in(part):
            self._begin(at, name)
        elif self._record and is_title(part):
            _learn_title(self._record, part)

    def _begin(self, at: int, name: str) -> None:
        if self._record and self._record.facts["name"].value == name:
            return
        self._record = _Record(at, {"name": Fact(name, 0.8)})
        self.records.append(self._record)
        if self._company and at - self._company[0] <= _HEADED:
            self._record.learn("company", self._company[1], 0.7)


def _walk(blocks: Sequence[Block]) -> list[_Record]:
    walk = _Walk()
    for at, block in enumerate(blocks):
        walk.read(at, block)
    return walk.records


def _parts(block: Block) -> list[str]:
    text = PHONE.sub(" | ", EMAIL.sub(" | ", block.text))
    return [part.strip(" .,:;()") for part in PARTS.split(text) if part.strip(" .,:;()")]


def _learn_title(record: _Record, text: str) -> None:
    match = AT_COMPANY.match(text)
    if match:
        record.learn("company", match["company"].strip(), 0.85)
    record.learn("title", match["title"] if match else text, 0.8)


def _reached(block: Block, record: _Record | None, at: int) -> Iterator[_Record]:
    """Addresses and numbers of a block: the person's whom it is about, or records of their own."""
    emails = dict.fromkeys(filter(None, map(email_of, (*block.emails, *EMAIL.findall(block.text)))))
    for email in emails:
        if record and not is_role(email):
            spelled = fits(email, record.facts["name"].value)
            other = name_of(email)
            if (spelled or other is None) and record.learn("email", email, 0.95 if spelled else 0.6):
                continue
        yield _Record(at, {"email": Fact(email, 0.85)}, [block.text])
    for number in dict.fromkeys(filter(None, map(phone_in, (*block.phones, *PHONE.findall(block.text))))):
        if record is None or not record.learn("phone", number, 0.8):
            yield _Record(at, {"phone": Fact(number, 0.6)}, [block.text])


def _companies(page: Page) -> Iterator[_Record]:
    """What the page's company says of itself for machines."""
    for thing in page.declared:
        if _kind(thing) == "Organization":
            record = _declared(thing)
            name = record.facts.pop("name", None)
            record.learn("company", name.value if name else None, 0.9)
            if record.facts.keys() & {"email", "phone"}:
                yield record


def _declared(thing: Mapping[str, Any]) -> _Record:
    record = _Record(0)
    record.learn("name", _text(thing.get("name")), 0.95)
    record.learn("title", _text(thing.get("jobTitle")), 0.95)
    record.learn("email", email_of(_text(thing.get("email")).removeprefix("mailto:")), 0.95)
    record.learn("phone", phone_in(_text(thing.get("telephone"))), 0.95)
    record.learn("company", _text(thing.get("worksFor")), 0.95)
    address = thing.get("address")
    place = address.get("addressLocality") if isinstance(address, Mapping) else address
    record.learn("location", _text(place), 0.9)
    record.about.append(" ".join(fact.value for fact in record.facts.values()))
    return record


def _text(value: Any) -> str:
    """Of a text, or of a thing with a name; the first of several."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        value = value.get("name")
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""


def _kind(thing: Mapping[str, Any]) -> str:
    kinds = thing.get("@type")
    names = [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]
    if "Person" in names:
        return "Person"
    businesses = ("Organization", "Business", "Corporation", "Store", "Company")
    return "Organization" if any(name.endswith(businesses) for name in names) else ""


def _complete(record: _Record, page: Page, company: str, confidence: float, is_directory: bool) -> None:
    """What follows from the address, and from the page that it is on: one with addresses of several companies is of
    none of them."""
    email = record.facts.get("email")
    if email and (guessed := name_of(email.value)):
        record.learn("name", guessed, 0.5)
    domain = email.value.rpartition("@")[2] if email else ""
    own = bool(domain) and domain not in FREE_MAIL
    elsewhere = own and not _same_site(domain, page.host)
    if not (elsewhere and is_directory):
        record.learn("company", company, round(confidence * (0.75 if elsewhere else 1), 2))
    record.learn("website", f"https://{domain}" if own else _site(page), 0.8 if own and not elsewhere else 0.6)


def _locate(record: _Record, page: Page, places: Iterable[str]) -> None:
    near, whole = " ".join(record.about).lower(), page.text.lower()
    for place in places:
        if place.lower() in near:
            record.learn("location", place, 0.7)
        elif place.lower() in whole:
            record.learn("location", place, 0.4)


def _is_directory(records: Iterable[_Record]) -> bool:
    emails = [record.facts["email"].value for record in records if "email" in record.facts]
    return len({email.rpartition("@")[2] for email in emails} - FREE_MAIL) > 1


def _same_site(domain: str, host: str) -> bool:
    return domain == host or host.endswith(f".{domain}") or domain.endswith(f".{host}")


def _site(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


def _candidate(record: _Record, page: Page, retrieved_at: str) -> Candidate | None:
    """None for whom nobody could reach or recognise."""
    facts = record.facts
    if not facts.keys() & {"email", "phone"} and not {"name", "title"} <= facts.keys():
        return None
    ordered = {name: facts[name] for name in FIELDS if name in facts}
    about = " ".join([*record.about, page.title])[:800]
    return Candidate(ordered, (Source(page.url, retrieved_at, tuple(ordered)),), about)

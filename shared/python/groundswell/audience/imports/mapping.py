"""Which column is which field of a lead.

A target is a field (`email`), `name` (a whole one), `consent.<channel>`, `identities.external.<system>`,
`custom_fields.<name>`, or None: left out.
"""

import re
from collections.abc import Mapping, Sequence

from groundswell.audience.imports.columns import Column
from groundswell.kernel.errors import Invalid
from groundswell.leads.identities import EXTERNAL_AT_MOST

EXTERNAL = "identities.external."
CUSTOM = "custom_fields."
CONSENT = "consent."
CHANNELS = ("email", "telegram", "phone", "sms", "whatsapp", "post", "web")
_PLAIN = (
    "email",
    "phone",
    "first_name",
    "last_name",
    "name",
    "company",
    "title",
    "website",
    "source",
    "status",
    "tags",
    "owner_id",
    "locale",
    "timezone",
    "telegram_chat_id",
    "wallet",
    "distinct_id",
)
FIELDS = frozenset({*_PLAIN, *(f"{CONSENT}{channel}" for channel in CHANNELS)})
_SPELLINGS = {
    "email": "e mail|mail|email address|e mail address|mail address|primary email|work email|business email"
    "|emailadresse|e mail adresse|correo|correo electronico|adresse email|courriel",
    "phone": "phone number|telephone|telephone number|tel|mobile|mobile phone|mobile number|cell|cell phone|telefon"
    "|telefonnummer|handy|mobil|telefono|telephone portable",
    "first_name": "firstname|given name|forename|vorname|prenom|nombre|fname",
    "last_name": "lastname|surname|family name|nachname|familienname|nom de famille|apellido|apellidos|lname",
    "name": "full name|fullname|contact name|contact|lead name|vollstandiger name|nom complet|nombre completo",
    "company": "company name|organization|organisation|organization name|account name|firma|firmenname|unternehmen"
    "|entreprise|societe|empresa|employer",
    "title": "job title|position|role|job|jobtitle|berufsbezeichnung|funktion|cargo|poste",
    "website": "web site|url|homepage|web|webseite|company website|site web|sitio web",
    "source": "lead source|quelle|origin source",
    "status": "lead status|stage|lead stage",
    "tags": "tag|labels|label|schlagworte",
    "owner_id": "owner|lead owner id",
    "locale": "language|sprache|lang",
    "timezone": "time zone|zeitzone|tz",
    "telegram_chat_id": "telegram|telegram id|telegram chat|chat id",
    "wallet": "wallet address|ethereum address|eth address",
    "distinct_id": "user id|userid|distinct id",
}
_KNOWN = {spelling: field for field, spellings in _SPELLINGS.items() for spelling in spellings.split("|")}
_ALSO_KEPT = frozenset({"lead source"})
"""Titles of other systems' own fields, which may mean more than ours: the column is kept under its title, too."""
OWN_EXPORT = frozenset(
    {
        "id",
        "score",
        "grade",
        "status_changed_at",
        "scored_at",
        "last_activity_at",
        "created_at",
        "updated_at",
        "list_ids",
        "segment_ids",
    }
)
"""Columns of our own export that nobody but we say: left out where all of them are there."""
_IDENTIFIES = re.compile(r"(^|\s)(id|uuid|guid|key|ref|reference|sku)$")
_NUMBERS = re.compile(r"(^|\s)(number|no|nr|code|nummer|num)$")
_OF_PEOPLE = re.compile(
    r"^(lead|contact|customer|client|prospect|member|person|user|account|subscriber|kunden?|kontakt)"
    r"\s?(number|no|nr|code|nummer|num)$"
)
"""A number that says whose it is tells people apart like an id; a house number does not."""
_PEOPLE = frozenset({"email", "phone", "telegram_chat_id", "wallet", "distinct_id"})
_NOT_LATIN = str.maketrans("äöüéèáíóúñ", "aoueeaioun")

type Targets = tuple[tuple[str, ...], ...]
"""By column: none, one, or several."""


def says_id(title: str) -> bool:
    """Whether a column of that title may tell rows apart."""
    name = spelt(title)
    return bool(_IDENTIFIES.search(name) or _NUMBERS.search(name)) or _known(title) in _PEOPLE


def spelt(title: str) -> str:
    """A title as it is compared: `E-Mail_Address` is `e mail address`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title.strip())
    return " ".join(re.sub(r"[\W_]+", " ", words.lower().translate(_NOT_LATIN)).split())


def automatic(columns: Sequence[Column]) -> Targets:
    """Known titles to fields, the first of two that are the same; unique columns that say whose row it is to ids of
    another system; everything else to a custom field of its exact title."""
    fields = set[str]()
    targets: list[tuple[str, ...]] = []
    ours = OWN_EXPORT if {column.title for column in columns} >= OWN_EXPORT else frozenset[str]()
    for column in columns:
        field = _known(column.title)
        if column.title in ours:
            targets.append(())
        elif field and field not in fields:
            fields.add(field)
            also = (f"{CUSTOM}{column.title}",) if spelt(column.title) in _ALSO_KEPT else ()
            targets.append((field, *also))
        else:
            targets.append((f"{CUSTOM}{column.title}",))
    for at in _identifying(columns, targets, known=bool(fields & _PEOPLE)):
        targets[at] = (f"{EXTERNAL}{columns[at].title}",)
    return tuple(targets)


def explicit(titles: Sequence[str], mapping: Mapping[str, str | None]) -> Targets:
    """Columns that are not named are left out. Raises Invalid for one that the file has not."""
    missing = next((title for title in mapping if title not in titles), None)
    if missing is not None:
        raise Invalid(f"The file has no column {missing[:100]!r}: {', '.join(titles)[:500]}")
    named = (mapping.get(title) for title in titles)
    return tuple((target,) if target else () for target in named)


def check(mapping: Mapping[str, str | None]) -> None:
    """Raises Invalid for a target that there is none of, and for one that two columns have."""
    targets = [target for target in mapping.values() if target]
    for title, target in mapping.items():
        if target and not _is_target(target):
            raise Invalid.on(f"mapping.{title}", f"there is no field {target[:100]!r}", "unknown")
        if target and targets.count(target) > 1:
            raise Invalid.on(f"mapping.{title}", "another column is this field", "duplicate")


def _is_target(target: str) -> bool:
    if target in FIELDS:
        return True
    member = next((target.removeprefix(prefix) for prefix in (EXTERNAL, CUSTOM) if target.startswith(prefix)), "")
    return 0 < len(member) <= (64 if target.startswith(EXTERNAL) else 100)


def _known(title: str) -> str | None:
    """A title of our own export is a target already."""
    if title.startswith((EXTERNAL, CUSTOM, CONSENT)) and _is_target(title):
        return title
    name = spelt(title)
    own = name.replace(" ", "_")
    return own if own in _PLAIN else _KNOWN.get(name)


def _identifying(columns: Sequence[Column], targets: Sequence[tuple[str, ...]], *, known: bool) -> list[int]:
    """Where a person is known by nothing else, more titles count, and at last whatever tells all rows apart."""
    named = sum(target[0].startswith(EXTERNAL) for target in targets if target)
    free = [
        at
        for at, column in enumerate(columns)
        if column.unique and len(column.title) <= 64 and targets[at] == (f"{CUSTOM}{column.title}",)
    ]
    titled = [at for at in free if _names_somebody(spelt(columns[at].title))]
    if not known:
        titled += [at for at in free if at not in titled and _NUMBERS.search(spelt(columns[at].title))]
        whole = [at for at in free if not columns[at].fractions]
        titled = titled or whole[:1] or free[:1] if not named else titled
    return sorted(set(titled))[: EXTERNAL_AT_MOST - named]


def _names_somebody(title: str) -> bool:
    return bool(_IDENTIFIES.search(title) or _OF_PEOPLE.search(title))

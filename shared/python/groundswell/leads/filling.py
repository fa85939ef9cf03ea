"""What somebody whom a feature met adds to a lead: whose values they are, and which of them are news. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from groundswell.kernel.errors import Invalid
from groundswell.leads.edits import Values
from groundswell.leads.identities import (
    EXTERNAL_AT_MOST,
    Identity,
    IdentityKind,
    external,
    normalize,
    normalize_phone,
)
from groundswell.leads.model import CUSTOM_FIELDS_AT_MOST, TAGS_AT_MOST, Lead
from groundswell.leads.settings.model import LeadSettings
from groundswell.leads.settings.types import CustomField, converted, problem

_SINGLE = tuple(kind for kind in IdentityKind if kind is not IdentityKind.EXTERNAL)
_MEMBERS = {"external": EXTERNAL_AT_MOST, "custom_fields": CUSTOM_FIELDS_AT_MOST}
_NOT_FILLED = frozenset({"status", "aliases", "watchers", "tags", "consent", *_MEMBERS})


def normalized(values: Values) -> dict[str, Any]:
    """Without what is empty, identities in the one spelling that is compared. Raises Invalid, naming the field."""
    known = {name: value for name, value in values.items() if value not in (None, "", (), {})}
    for kind in _SINGLE:
        if kind.value in known:
            known[kind.value] = _spelt(kind, str(known[kind.value]).strip(), known.get("locale"))
    if "external" in known:
        known["external"] = {name: str(value) for name, value in known["external"].items() if value is not None}
    return known


def identities_of(values: Values) -> list[Identity]:
    """In the order in which they decide whose the values are: the e-mail first."""
    single = [Identity(kind, values[kind.value]) for kind in _SINGLE if kind.value in values]
    return single + [external(system, value) for system, value in sorted(values.get("external", {}).items())]


def chosen(named: Sequence[Identity], holders: Mapping[Identity, Lead]) -> Lead | None:
    """Whose the values are: the e-mail's lead, else the first identity's. None is somebody new.

    An e-mail that nobody has is not that of a lead with another one: people share phones and forms.
    """
    email = next((identity for identity in named if identity.kind is IdentityKind.EMAIL), None)
    if email is not None and email in holders:
        return holders[email]
    return next((lead for lead in holders.values() if email is None or lead.email is None), None)


def without(values: Values, others: Collection[Identity]) -> dict[str, Any]:
    """Without what other leads are known by."""
    theirs = {other.key for other in others}
    left = {name: value for name, value in values.items() if name not in IdentityKind or name == IdentityKind.EXTERNAL}
    left |= {
        kind.value: values[kind.value]
        for kind in _SINGLE
        if kind.value in values and Identity(kind, values[kind.value]).key not in theirs
    }
    if "external" in left:
        left["external"] = {
            system: value for system, value in left["external"].items() if external(system, value).key not in theirs
        }
    return left


def typed(settings: LeadSettings, values: Values) -> dict[str, Any]:
    """Custom fields of a type with values of that type: a form's text is read as one, and what is none is left out."""
    kept = dict(values)
    if "custom_fields" in kept:
        read = {name: _typed(settings.types.get(name), value) for name, value in kept["custom_fields"].items()}
        kept["custom_fields"] = {name: value for name, value in read.items() if value is not None}
    return kept


def filled(lead: Lead, values: Values) -> dict[str, Any]:
    """Which of the values are news to the lead: those of empty fields, and members and tags while there is room."""
    news = {name: value for name, value in values.items() if name not in _NOT_FILLED and getattr(lead, name) is None}
    if "status" in values and not lead.version:
        news["status"] = values["status"]
    for name, most in _MEMBERS.items():
        if name in values:
            there: Mapping[str, Any] = getattr(lead, name)
            more = {key: value for key, value in values[name].items() if key not in there}
            news[name] = dict(list(more.items())[: most - len(there)])
    if "tags" in values:
        news["tags"] = tuple(dict.fromkeys((*lead.tags, *values["tags"])))[:TAGS_AT_MOST]
    if "consent" in values:
        news["consent"] = {
            channel: entry for channel, entry in values["consent"].items() if channel not in lead.consent
        }
    return news


def _typed(field: CustomField | None, value: Any) -> Any:
    if field is None or problem(field, value) is None:
        return value
    try:
        return converted(field, str(value).strip())
    except ValueError:
        return None


def _spelt(kind: IdentityKind, text: str, locale: str | None) -> str:
    try:
        return normalize_phone(text, locale) if kind is IdentityKind.PHONE else normalize(kind, text)
    except ValueError as error:
        raise Invalid.on(kind.value, str(error)) from error

"""A lead as rules see it."""

from dataclasses import fields

from groundswell.leads.companies import domain_of
from groundswell.leads.model import Lead
from groundswell.scoring.model import Adjustment, Event, Subject

_FIELDS = tuple(field.name for field in fields(Lead))


def subject_of(lead: Lead, events: tuple[Event, ...] = (), adjustments: tuple[Adjustment, ...] = ()) -> Subject:
    """Its fields by their names, and `name`, `email_domain` and `company_domain`, which follow from them."""
    values = {name: getattr(lead, name) for name in _FIELDS}
    values["name"] = lead.name or None
    values["email_domain"] = (lead.email or "").rpartition("@")[2] or None
    values["company_domain"] = domain_of(lead)
    return Subject(values, events, lead.id or None, adjustments)


def known_as(lead: Lead) -> str:
    """The id by which the lead's person is looked up; empty if it has none."""
    return lead.user_id or ""

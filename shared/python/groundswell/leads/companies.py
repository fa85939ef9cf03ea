"""Which company a lead belongs to: the one whose domain its website or its e-mail has."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from groundswell.kernel.errors import NotFound
from groundswell.leads.model import Lead

FREE_MAIL = frozenset((Path(__file__).parent / "free_mail.txt").read_text().split())
"""Domains of mail providers: what they have in common says nothing of their users."""


class CompanyNotFound(NotFound):
    code = "COMPANY_NOT_FOUND"
    message = "No lead has this domain"


@dataclass(frozen=True)
class Company:
    """`name` is what the first of its leads calls it, `leads` how many there are."""

    domain: str
    name: str | None
    leads: int
    created_at: datetime


def domain_of(lead: Lead) -> str | None:
    """The website's, else the e-mail's where that is no mail provider's. `www.` is the same."""
    if lead.website and (host := urlsplit(lead.website).hostname):
        return host.removeprefix("www.")
    domain = (lead.email or "").rpartition("@")[2]
    return domain if domain and domain not in FREE_MAIL else None

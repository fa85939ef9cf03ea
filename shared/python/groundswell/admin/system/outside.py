"""Outside services and the features that stand on them: what is set up, what answered last, what works without."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from groundswell.outbound.outcomes import Outcome


class Availability(StrEnum):
    """`fallback`: it answers by its documented rules. `degraded`: what it needs did not answer when last called."""

    AVAILABLE = "available"
    DEGRADED = "degraded"
    FALLBACK = "fallback"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class OutsideService:
    """`noted_as` is the name that calls are noted under. Without `settings`, tenants bring their own keys."""

    name: str
    noted_as: str
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feature:
    """`has_rules`: there are documented ones by which it answers without the service."""

    name: str
    service: str
    has_rules: bool = False


@dataclass(frozen=True)
class ServiceState:
    """`reachable` is None before the first call of the last seven days."""

    configured: bool
    reachable: bool | None = None
    outcome: Outcome | None = None
    version_ends_at: datetime | None = None


OUTSIDE = (
    OutsideService("mail", "mail", ("MAIL_TRANSPORT",)),
    OutsideService("model", "OpenAI", ("OPENAI_API_KEY",)),
    OutsideService("search", "Brave", ("BRAVE_API_KEY",)),
    OutsideService("sendgrid", "SendGrid", ("SENDGRID_API_KEY",)),
    OutsideService("telegram", "Telegram"),
    OutsideService("slack", "Slack"),
    OutsideService("linkedin", "LinkedIn", ("LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET")),
    OutsideService("x", "X", ("X_CLIENT_ID", "X_CLIENT_SECRET")),
    OutsideService("google", "Google", ("GOOGLE_CLIENT_ID",)),
    OutsideService("microsoft", "Microsoft", ("MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET")),
)
FEATURES = (
    Feature("transactional_mail", "mail"),
    Feature("model_answers", "model", has_rules=True),
    Feature("sign_in_with_google", "google"),
    Feature("sign_in_with_microsoft", "microsoft"),
    Feature("sign_in_with_linkedin", "linkedin"),
)
"""A feature that comes to stand on an outside service has its row here."""


def states_of(setting: Callable[[str], str], outcomes: Iterable[Outcome]) -> Mapping[str, ServiceState]:
    """By the service's name. `setting` gives a setting, or a key, or an empty text."""
    noted = {outcome.service: outcome for outcome in outcomes}
    return {service.name: _state(service, setting, noted.get(service.noted_as)) for service in OUTSIDE}


def _state(service: OutsideService, setting: Callable[[str], str], outcome: Outcome | None) -> ServiceState:
    configured = all(setting(name) for name in service.settings)
    return ServiceState(configured, outcome.reachable if outcome and configured else None, outcome)


def features_of(states: Mapping[str, ServiceState]) -> Mapping[str, Availability]:
    return {feature.name: _availability(feature, states[feature.service]) for feature in FEATURES}


def _availability(feature: Feature, state: ServiceState) -> Availability:
    if not state.configured:
        return Availability.FALLBACK if feature.has_rules else Availability.UNAVAILABLE
    if state.reachable is False:
        return Availability.FALLBACK if feature.has_rules else Availability.DEGRADED
    return Availability.AVAILABLE

"""What a caller's values make of a lead: pure, and the same for making, changing and joining."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from groundswell.kernel.errors import Invalid
from groundswell.leads.identities import EXTERNAL_AT_MOST, Identity, IdentityKind, external
from groundswell.leads.model import CUSTOM_FIELDS_AT_MOST, TAGS_AT_MOST, Consent, Lead

type Values = Mapping[str, Any]
"""Fields of a lead that are to change; `external` and `custom_fields` hold the members that change, None clears one.
`consent` is what was said per channel, without who and when."""
_SINGLE = tuple(kind for kind in IdentityKind if kind is not IdentityKind.EXTERNAL)
_MERGED = ("external", "custom_fields")


def edited(lead: Lead, values: Values, *, by: str, network: str | None, now: datetime) -> Lead:
    """What is absent stays. Raises IdentityRequired, and Invalid for more than a lead holds."""
    fields = {name: value for name, value in values.items() if name not in (*_MERGED, "consent")}
    fields |= {name: _members(getattr(lead, name), values[name]) for name in _MERGED if name in values}
    agreed = {**lead.consent, **_agreed(values.get("consent") or {}, by, network, now)}
    after = replace(lead, **fields, consent=agreed)
    if after.email != lead.email:
        after = replace(after, email_verdict=None, email_checked_at=None)
    if after.status is not lead.status:
        after = replace(after, status_changed_at=now)
    after = replace(after, aliases=tuple(alias for alias in after.aliases if alias not in _own_keys(after)))
    after.need_identity()
    _need_bounded(after)
    return after if after == lead else replace(after, updated_at=now)


def upserted(lead: Lead, values: Values) -> dict[str, Any]:
    """Which of the values a lead that is there takes: all, but that tags and watchers are added, and that another
    e-mail, phone, chat, wallet or distinct id than the one it has becomes an alias."""
    changes = {name: value for name, value in values.items() if value is not None}
    own = {kind.value: changes.pop(kind.value) for kind in _SINGLE if kind.value in changes}
    others = {name: value for name, value in own.items() if getattr(lead, name) is not None}
    changes |= {name: value for name, value in own.items() if getattr(lead, name) is None}
    keys = (Identity(IdentityKind(name), value).key for name, value in others.items())
    more = [key for key in keys if key not in lead.keys]
    changes |= {name: _union(getattr(lead, name), changes[name]) for name in ("tags", "watchers") if name in changes}
    return changes | ({"aliases": (*lead.aliases, *more)} if more else {})


def keys_of(values: Values) -> frozenset[str]:
    """The identities that are named among the values."""
    single = {Identity(kind, values[kind.value]).key for kind in _SINGLE if values.get(kind.value)}
    named = (values.get("external") or {}).items()
    return frozenset(single | {external(system, value).key for system, value in named if value is not None})


def new_consents(before: Lead | None, after: Lead) -> tuple[Consent, ...]:
    """What the ledger gets."""
    known = before.consent if before else {}
    return tuple(consent for channel, consent in after.consent.items() if known.get(channel) != consent)


def _own_keys(lead: Lead) -> frozenset[str]:
    return frozenset(identity.key for identity in lead.identities)


def _members(before: Mapping[str, Any], changes: Mapping[str, Any] | None) -> dict[str, Any]:
    if changes is None:
        return {}
    return {name: value for name, value in {**before, **changes}.items() if value is not None}


def _union(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def _agreed(
    consents: Mapping[str, Mapping[str, Any]], by: str, network: str | None, now: datetime
) -> dict[str, Consent]:
    return {channel: Consent(channel, at=now, by=by, network=network, **entry) for channel, entry in consents.items()}


def _need_bounded(lead: Lead) -> None:
    bounds = (("tags", TAGS_AT_MOST), ("external", EXTERNAL_AT_MOST), ("custom_fields", CUSTOM_FIELDS_AT_MOST))
    for name, most in bounds:
        if len(getattr(lead, name)) > most:
            raise Invalid.on("identities.external" if name == "external" else name, f"at most {most}", "too_long")

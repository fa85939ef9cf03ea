"""What is watched for every new client: changes for the worse, whatever is usual there.

They record and post to webhooks. Whom to mail and whose work it is are for people to say.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from groundswell.alerts.instances import SYSTEM, ordered_id
from groundswell.alerts.model import ALL_ADS, Actions, Alert, AlertType, Condition, Frequency, Level, Operator, Severity

_FREQUENCY = Frequency(every="6h")
"""Ads are judged on complete days."""


def _changed(operator: Operator, percent: int, critical: int) -> Condition:
    return Condition(
        operator,
        Decimal(percent),
        window="7d",
        dimension="campaign_id",
        levels=(Level(Severity.CRITICAL, Decimal(critical)),),
    )


_WATCHED: tuple[tuple[AlertType, str, Condition], ...] = (
    (AlertType.CPLPV, "Landing page views cost more", _changed(Operator.CHANGE_GT, 50, 100)),
    (AlertType.CPC, "Clicks cost more", _changed(Operator.CHANGE_GT, 50, 100)),
    (AlertType.SPEND, "More is spent", _changed(Operator.CHANGE_GT, 100, 300)),
    (AlertType.EROAS, "Ads return less", _changed(Operator.CHANGE_LT, -30, -60)),
)


def default_alerts(client_id: str, org_id: str, timezone: str, by: str, now: datetime) -> Iterator[Alert]:
    """The same ones, with the same ids, whenever they are made for a client."""
    for kind, name, condition in _WATCHED:
        shared: dict[str, Any] = {"created_by": by or SYSTEM, "created_at": now, "updated_at": now, "is_default": True}
        yield Alert(
            ordered_id(now, f"{client_id}\0{kind}"),
            client_id,
            org_id,
            name,
            kind,
            ALL_ADS,
            condition,
            Actions(webhook=True),
            _FREQUENCY,
            description="Compared with the week before, for each campaign",
            timezone=timezone,
            **shared,
        )

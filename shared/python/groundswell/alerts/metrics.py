"""The figures that alerts watch, as formulas over sums; which figures of ads are known when."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from groundswell.alerts.model import ALL_ADS, EVENTS, METRICS, AlertType

type Sums = Mapping[str, Decimal | None]
"""By name of a column; None where a platform did not send it."""

_RATIOS = {
    AlertType.CPLPV: ("spend", "landing_page_views", 1),
    AlertType.CPC: ("spend", "clicks", 1),
    AlertType.CPM: ("spend", "impressions", 1000),
    AlertType.CTR: ("clicks", "impressions", 1),
    AlertType.CPA: ("spend", "conversions", 1),
    AlertType.ROAS: ("revenue", "spend", 1),
    AlertType.EROAS: ("revenue", "spend", 1),
}
OF_ADS = frozenset(_RATIOS) | {AlertType.SPEND, AlertType.CONVERSIONS, AlertType.REVENUE}
MONEY = frozenset(_RATIOS) - {AlertType.CTR} | {AlertType.SPEND, AlertType.REVENUE}
_ATTRIBUTED = frozenset({AlertType.CONVERSIONS, AlertType.REVENUE, AlertType.CPA, AlertType.ROAS, AlertType.EROAS})
_ATTRIBUTION_DAYS = {
    "meta_ads": 7,
    "google_ads": 30,
    "tiktok_ads": 7,
    "linkedin_ads": 30,
    "x_ads": 30,
    "microsoft_ads": 30,
    "pinterest_ads": 30,
    "snapchat_ads": 28,
    "reddit_ads": 28,
}
"""Each platform's default window after a click, in which conversions are still added to a day."""
_USUAL_DAYS = 7
SOURCES = (ALL_ADS, EVENTS, METRICS, *_ATTRIBUTION_DAYS)
_SPELLINGS = {"facebook": "meta_ads", "facebook_ads": "meta_ads", "meta": "meta_ads", "platform": ALL_ADS}
_SOURCES = {AlertType.EVENT_COUNT: EVENTS, AlertType.METRIC: METRICS}


@dataclass(frozen=True)
class Figure:
    """`reason` says why there is no value. `provisional`: days are in it whose conversions a platform still adds to."""

    value: Decimal | None
    reason: str | None = None
    provisional: bool = False


def columns_of(alert_type: AlertType) -> tuple[str, ...]:
    return _RATIOS[alert_type][:2] if alert_type in _RATIOS else (alert_type.value,)


def figure(alert_type: AlertType, sums: Sums) -> Figure:
    """Unknown inputs and divisions by nothing give no value."""
    if any(sums.get(name) is None for name in columns_of(alert_type)):
        return Figure(None, "not_reported")
    if alert_type not in _RATIOS:
        return Figure(sums[alert_type.value])
    over, under, times = _RATIOS[alert_type]
    numerator, denominator = sums[over], sums[under]
    if numerator is None or not denominator:
        return Figure(None, "division_by_zero")
    return Figure(numerator * times / denominator)


def lag_days(alert_type: AlertType, platform: str) -> int:
    """How many of the newest complete days are too new to judge for good."""
    return _ATTRIBUTION_DAYS.get(platform, _USUAL_DAYS) if alert_type in _ATTRIBUTED else 0


def longest_lag(alert_type: AlertType) -> int:
    return max(_ATTRIBUTION_DAYS.values()) if alert_type in _ATTRIBUTED else 0


def source_of(alert_type: AlertType, named: str | None) -> str:
    """The one spelling of a data source, or the type's usual one."""
    if named is None:
        return _SOURCES.get(alert_type, ALL_ADS)
    return _SPELLINGS.get(named.lower(), named.lower())

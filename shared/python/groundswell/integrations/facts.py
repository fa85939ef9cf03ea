"""What advertising cost and brought, by day and campaign, in the same terms whatever the platform."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Protocol

_MINOR_UNITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF"), 0),
    **dict.fromkeys(("XOF", "XPF", "ISK"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Decimals of an amount where they are not two (ISO 4217)."""


@dataclass(frozen=True)
class AdRow:
    """A campaign's day, in the zone of its ad account. None is what the platform did not say, which is not 0.

    `spend` and `revenue` are amounts of `currency` (ISO 4217), exactly as they were sent. `id` tells rows of one day
    and account apart: the campaign's, or of what is finer where the platform sends that. `timezone` is the account's,
    an IANA name, empty where the platform does not say.
    """

    date: date
    account_id: str
    campaign_id: str
    campaign: str
    spend: Decimal | None
    currency: str
    impressions: int | None
    clicks: int | None
    landing_page_views: int | None
    conversions: Decimal | None
    revenue: Decimal | None
    platform: str
    id: str = ""
    timezone: str = ""


class FactsStore(Protocol):
    def rows(
        self,
        client_id: str,
        *,
        first: date,
        last: date,
        platform: str | None = None,
        campaign_id: str | None = None,
        account_id: str | None = None,
    ) -> Sequence[AdRow]:
        """From `first` to `last`, both inclusive, in the order of days."""
        ...


@dataclass(frozen=True)
class Sums:
    """Of several rows. A sum is None where no row has that metric."""

    rows: int
    spend: Decimal | None
    impressions: int | None
    clicks: int | None
    landing_page_views: int | None
    conversions: Decimal | None
    revenue: Decimal | None


def sums(rows: Iterable[AdRow]) -> Sums:
    """Amounts are added as they are: rows of one currency only."""
    every = tuple(rows)
    return Sums(
        len(every),
        _sum(every, lambda row: row.spend),
        _whole(_sum(every, lambda row: row.impressions)),
        _whole(_sum(every, lambda row: row.clicks)),
        _whole(_sum(every, lambda row: row.landing_page_views)),
        _sum(every, lambda row: row.conversions),
        _sum(every, lambda row: row.revenue),
    )


def by_currency(rows: Iterable[AdRow]) -> Mapping[str, Sums]:
    """Sums that never add euros to yen."""
    groups: dict[str, list[AdRow]] = {}
    for row in rows:
        groups.setdefault(row.currency, []).append(row)
    return {currency: sums(groups[currency]) for currency in sorted(groups)}


def minor_units(currency: str) -> int:
    """How many decimals an amount of it has (ISO 4217)."""
    return _MINOR_UNITS.get(currency.upper(), 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's smallest unit."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_HALF_EVEN)


def _sum(rows: Sequence[AdRow], metric: Callable[[AdRow], Decimal | int | None]) -> Decimal | None:
    known = [Decimal(value) for row in rows if (value := metric(row)) is not None]
    return sum(known, Decimal(0)) if known else None


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)

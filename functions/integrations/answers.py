"""What the wire says of the domain's objects."""

import os
from collections.abc import Mapping
from decimal import Decimal

from functions.integrations.schemas import (
    AccountOut,
    AdRowOut,
    ConnectionOut,
    CredentialOut,
    ErrorOut,
    PlatformOut,
    QuarantinedOut,
    RecordOut,
    StreamOut,
    StreamRunOut,
    SumsOut,
    SyncOut,
    TotalsOut,
)
from groundswell.integrations.facts import AdRow, Sums, rounded
from groundswell.integrations.model import Connection, Quarantined, Status, Sync
from groundswell.integrations.platform import Account, Platform
from groundswell.integrations.records import Record


def platform_out(platform: Platform, connection: Connection | None) -> PlatformOut:
    return PlatformOut(
        platform=platform.name,
        name=platform.title,
        category=platform.category,
        auth=platform.auth,
        oauth=platform.oauth is not None,
        credentials=[CredentialOut.model_validate(credential) for credential in platform.credentials],
        streams=[stream.name for stream in platform.streams],
        status=connection.status if connection else Status.DISCONNECTED,
    )


def connection_out(connection: Connection, platform: Platform) -> ConnectionOut:
    states = [connection.state(stream.name) for stream in platform.streams]
    own = {"every": _spelled(connection.every_minutes), "lookback_days": connection.lookback_days}
    return ConnectionOut(
        id=connection.platform,
        platform=connection.platform,
        status=connection.status,
        accounts=[
            AccountOut(
                id=account.id,
                name=account.name or account.id,
                currency=account.currency or None,
                timezone=account.timezone or None,
            )
            for account in connection.accounts
        ],
        settings={**own, **connection.settings},
        webhook_url=_hook_url(connection) if platform.hook else None,
        sync_id=connection.sync_id,
        last_sync_at=connection.last_sync_at,
        next_sync_at=connection.next_sync_at,
        last_error=ErrorOut.model_validate(connection.last_error) if connection.last_error else None,
        streams=[
            StreamOut(
                name=state.name,
                rows=state.rows,
                cursor=min(state.cursors.values()) if state.cursors else None,
                synced_at=state.synced_at,
                quarantined=state.quarantined,
            )
            for state in states
        ],
        created_by=connection.created_by,
        created_at=connection.created_at,
        updated_at=connection.updated_at,
        version=connection.version,
    )


def _account_out(account: Account) -> AccountOut:
    currency, timezone = account.currency or None, account.timezone or None
    return AccountOut(id=account.id, name=account.name or account.id, currency=currency, timezone=timezone)


def sync_out(sync: Sync) -> SyncOut:
    error = ErrorOut.model_validate(sync.error) if sync.error else None
    named = {name: getattr(sync, name) for name in SyncOut.model_fields if hasattr(sync, name)}
    streams = [StreamRunOut.model_validate(stream) for stream in sync.streams]
    return SyncOut(**{**named, "sync_id": sync.id, "error": error, "streams": streams})


def ad_row_out(row: AdRow) -> AdRowOut:
    own = {name: value for name, value in vars(row).items() if name not in ("id", "timezone")}
    return AdRowOut(
        **{
            **own,
            "spend": _money(row.spend),
            "revenue": _money(row.revenue),
            "conversions": _number(row.conversions),
            "currency": row.currency or None,
        }
    )


def totals_out(total: Sums, currencies: Mapping[str, Sums]) -> TotalsOut:
    by_currency = [_sums_out(currency, sums) for currency, sums in currencies.items()]
    alone = next(iter(currencies)) if len(currencies) == 1 else None
    top = _sums_out(alone or "", total).model_dump()
    if len(currencies) > 1:
        top |= {"spend": None, "revenue": None}
    return TotalsOut(**top, by_currency=by_currency)


def record_out(record: Record) -> RecordOut:
    return RecordOut.model_validate(record)


def quarantined_out(item: Quarantined) -> QuarantinedOut:
    return QuarantinedOut.model_validate(item)


def _sums_out(currency: str, sums: Sums) -> SumsOut:
    return SumsOut(
        rows=sums.rows,
        currency=currency or None,
        spend=_rounded(sums.spend, currency),
        revenue=_rounded(sums.revenue, currency),
        impressions=sums.impressions,
        clicks=sums.clicks,
        landing_page_views=sums.landing_page_views,
        conversions=_number(sums.conversions),
    )


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _rounded(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else f"{rounded(amount, currency):f}"


def _number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _spelled(minutes: int) -> str:
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _hook_url(connection: Connection) -> str:
    public = os.environ["PUBLIC_URL"].rstrip("/")
    return f"{public}/hooks/{connection.platform}/{connection.client_id}.{connection.hook}"

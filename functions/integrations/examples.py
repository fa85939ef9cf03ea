"""Bodies that the API's description shows."""

from typing import Any

_SYNC_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51"
_AT = "2026-11-30T12:00:00.000Z"
PLATFORM = {
    "platform": "meta_ads",
    "name": "Meta Ads",
    "category": "ads",
    "auth": "oauth2",
    "oauth": True,
    "credentials": [{"name": "access_token", "label": "Access token", "required": True, "secret": True}],
    "streams": ["ads_insights"],
    "status": "connected",
}
CONNECT = {
    "credentials": {"access_token": "EAAB…"},
    "account_ids": ["act_120330000000"],
    "settings": {"every": "1h", "lookback_days": 28},
}
CONNECTION = {
    "id": "meta_ads",
    "platform": "meta_ads",
    "status": "connected",
    "accounts": [{"id": "120330000000", "name": "Acme", "currency": "USD", "timezone": "Europe/Berlin"}],
    "settings": {"every": "1h", "lookback_days": 28},
    "webhook_url": "https://api.acme.example/hooks/meta_ads/0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11.k2F8mQ",
    "sync_id": _SYNC_ID,
    "last_sync_at": None,
    "next_sync_at": "2026-11-30T13:00:00.000Z",
    "last_error": None,
    "streams": [{"name": "ads_insights", "rows": 0, "cursor": None, "synced_at": None, "quarantined": 0}],
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
AUTHORIZE = {"return_url": "https://app.acme.example/integrations"}
AUTHORIZED = {
    "url": "https://www.facebook.com/v26.0/dialog/oauth?response_type=code&client_id=1&state=k2F8mQ",
    "expires_at": "2026-11-30T12:15:00.000Z",
}
START: dict[str, Any] = {"streams": ["ads_insights"], "full_refresh": False, "from": "2026-11-01"}
SYNC = {
    "id": _SYNC_ID,
    "sync_id": _SYNC_ID,
    "platform": "meta_ads",
    "status": "queued",
    "trigger": "manual",
    "full_refresh": False,
    "progress": 0.0,
    "streams": [{"name": "ads_insights", "read": 0, "written": 0, "quarantined": 0}],
    "error": None,
    "resume_at": None,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": _AT,
    "started_at": None,
    "finished_at": None,
    "updated_at": _AT,
    "version": 1,
}
CANCELLED = {**SYNC, "status": "cancelled", "finished_at": _AT, "version": 2}
AD_ROW = {
    "date": "2026-11-01",
    "platform": "meta_ads",
    "account_id": "120330000000",
    "campaign_id": "120",
    "campaign": "Autumn",
    "spend": "254.05",
    "currency": "USD",
    "impressions": 1194718,
    "clicks": 141,
    "landing_page_views": 97,
    "conversions": 14.0,
    "revenue": "812.4",
}
_SUMS = {
    "rows": 1,
    "currency": "USD",
    "spend": "254.05",
    "revenue": "812.40",
    "impressions": 1194718,
    "clicks": 141,
    "landing_page_views": 97,
    "conversions": 14.0,
}
DATA = {
    "status_code": 200,
    "message": "Success",
    "data": [AD_ROW],
    "meta": {
        "next_cursor": None,
        "has_more": False,
        "limit": 100,
        "stream": "ads_insights",
        "totals": {**_SUMS, "by_currency": [_SUMS]},
    },
}
QUARANTINED = {
    "id": "ads_insights-5f2c1a",
    "stream": "ads_insights",
    "account_id": "120330000000",
    "reason": "spend is no number: 'n/a'",
    "raw": {"campaign_id": "120", "spend": "n/a"},
    "at": _AT,
    "sync_id": _SYNC_ID,
}
REPLAY = {"ids": ["ads_insights-5f2c1a"]}
REPLAYED = {"replayed": 1, "left": 0}
HEARD = {"news": True}

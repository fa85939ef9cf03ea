"""Example bodies for the API's description."""

from typing import Any

_ADA = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_REPORT = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c41"
_SCHEDULE = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c42"
_AT = "2026-11-30T12:00:00.000Z"
_FROM, _TO, _DAY = "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z"
_GROWTH = {"events": 1200, "revenue": {"EUR": "310.5", "USD": "99"}, "active_people": 240, "new_people": 57}
_ADS = {
    "spend": {"USD": "58.71"},
    "impressions": 213435,
    "clicks": 38,
    "landing_page_views": None,
    "conversions": 3,
    "revenue": {"USD": "120"},
    "ctr": 0.000178,
    "cpc": {"USD": "1.545"},
    "cpm": {"USD": "0.275072"},
    "cpa": {"USD": "19.57"},
    "cplpv": {},
    "roas": {"USD": 2.044},
}
_CAMPAIGNS: dict[str, Any] = {
    "messages_sent": 4821,
    "messages_delivered": 4800,
    "messages_opened": 1204,
    "messages_clicked": 310,
    "messages_converted": 21,
    "messages_bounced": 21,
    "unsubscribes": 12,
    "complaints": 1,
    "open_rate": 0.249741,
    "click_rate": 0.064302,
}
_LEADS = {
    "leads": 40,
    "new": 20,
    "contacted": 10,
    "qualified": 6,
    "converted": 3,
    "lost": 1,
    "conversion_rate": 0.075,
}


def _report(figures: dict[str, Any], dimension: str, value: str, **more: Any) -> dict[str, Any]:
    return {
        "id": None,
        "name": None,
        "metrics": list(figures),
        "dimensions": [dimension],
        "from": _FROM,
        "to": _TO,
        "timezone": "UTC",
        "granularity": "month",
        "totals": figures,
        "series": [{"ts": _DAY, **figures}],
        "breakdown": [{dimension: value, **figures}],
        "previous": None,
        "as_of": _AT,
        "late_sources": [],
        **more,
    }


OF_KIND: dict[str, Any] = {
    "growth": _report(_GROWTH, "name", "Order Completed"),
    "performance": _report(
        _ADS | _CAMPAIGNS,
        "campaign_id",
        "916",
        late_sources=[{"source": "meta_ads", "reason": "no_newer_data", "until": "2026-11-28"}],
    ),
    "leads": _report(_LEADS, "source", "webinar"),
}
METRIC = {
    "name": "cpc",
    "origin": "ads",
    "unit": "money",
    "definition": "Spend / clicks",
    "dimensions": ["account_id", "campaign", "campaign_id", "currency", "platform"],
}
CUSTOM: dict[str, Any] = {
    "name": "Ads and leads",
    "metrics": ["spend", "clicks"],
    "dimensions": ["platform"],
    "filters": {"platform": ["meta_ads"]},
    "from": "-30d",
    "granularity": "month",
    "save": True,
}
CUSTOM_REPORT = _report(
    {"spend": {"USD": "58.71"}, "clicks": 38}, "platform", "meta_ads", id=_REPORT, name=CUSTOM["name"]
)
RUN: dict[str, Any] = {
    "schedule_id": _SCHEDULE,
    "report_id": _REPORT,
    "due": "2026-11-30T07:30:00.000Z",
    "ran_at": "2026-11-30T07:30:21.000Z",
    "status": "sent",
    "recipients": 2,
    "url": "https://api.groundswell.dev/api/v1/reports/shared/eyJ…?format=xlsx",
    "error": None,
    "by": "system",
}
RUN_NOW = {**RUN, "due": _AT, "ran_at": _AT, "by": _ADA}
_MADE = {"created_by": _ADA, "created_at": _AT, "updated_at": _AT, "version": 1}
SAVED: dict[str, Any] = {
    "id": _REPORT,
    "name": CUSTOM["name"],
    "definition": {
        "metrics": CUSTOM["metrics"],
        "dimensions": CUSTOM["dimensions"],
        "filters": CUSTOM["filters"],
        "from": "-30d",
        "to": None,
        "timezone": "UTC",
        "granularity": "month",
    },
    "runs": [RUN],
    **_MADE,
}
UPDATE = {"name": "Ads by week", "granularity": "week"}
UPDATED = {
    **SAVED,
    "name": "Ads by week",
    "definition": {**SAVED["definition"], "granularity": "week"},
    "version": 2,
}
SHARE = {"expires_at": "2099-01-01T00:00:00Z"}
SHARED = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c43",
    "report_id": _REPORT,
    "url": "https://api.groundswell.dev/api/v1/reports/shared/eyJ…",
    "expires_at": "2099-01-01T00:00:00.000Z",
    **_MADE,
}
SCHEDULE_CREATE = {
    "report_id": "growth",
    "cron": "30 7 * * 1-5",
    "timezone": "Europe/Berlin",
    "recipients": ["ada@lovelace.example", "grace@lovelace.example"],
    "format": "xlsx",
    "skip_if_empty": True,
}
SCHEDULE: dict[str, Any] = {"id": _SCHEDULE, **SCHEDULE_CREATE, "own_rows": {}, "paused": False, **_MADE}
SCHEDULE_UPDATE = {"cron": "0 8 * * 1", "format": "csv"}
SCHEDULE_UPDATED = {**SCHEDULE, **SCHEDULE_UPDATE, "version": 2}
PAUSED = {**SCHEDULE, "paused": True, "version": 2}
EXPORT: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c44",
    "report_id": _REPORT,
    "name": "report",
    "format": "xlsx",
    "rows": 31,
    "bytes": 7416,
    "by": _ADA,
    "operation_id": None,
    "created_at": _AT,
}
STARTED: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c45",
    "job": "report",
    "status": "queued",
    "progress": 0,
    "created_at": _AT,
    "updated_at": _AT,
    "result": None,
    "error": None,
}
OVERVIEW: dict[str, Any] = {
    "from": _FROM,
    "to": _TO,
    "timezone": "UTC",
    "kpis": [
        {
            "name": "revenue",
            "currency": "EUR",
            "value": "310.5",
            "previous": "207",
            "change": 0.5,
            "rows_url": f"/api/v1/analytics/events?from={_FROM}&to={_TO}&client_id={_ADA}",
        }
    ],
    "insights": [
        {
            "text": "revenue in EUR rose by 50 %: from 207 to 310.5",
            "kpi": "revenue",
            "evidence": {"value": 310.5, "previous": 207, "change": 0.5},
        }
    ],
    "as_of": _AT,
    "late_sources": [],
}

BENCHMARK: dict[str, Any] = {
    "metric": "events",
    "unit": "count",
    "from": "2026-11-01T00:00:00.000Z",
    "to": "2026-11-16T00:00:00.000Z",
    "timezone": "UTC",
    "standings": [
        {
            "currency": None,
            "value": 420,
            "median": 380.5,
            "clients": 6,
            "place": 2,
            "past_median": 400,
            "past": [{"from": "2026-10-17T00:00:00.000Z", "to": "2026-11-01T00:00:00.000Z", "value": 400}],
        }
    ],
    "clients": 6,
    "complete": True,
    "as_of": "2026-11-22T10:59:58.120Z",
    "late_sources": [],
}

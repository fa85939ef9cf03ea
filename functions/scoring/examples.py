"""Example bodies for the API's description."""

from typing import Any

_ADA = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_AT = "2026-11-22T11:00:00.000Z"
CONFIG: dict[str, Any] = {
    "model": "rules",
    "rules": [
        {
            "id": "head",
            "name": "Heads a team",
            "axis": "fit",
            "when": {"field": "title", "operator": "contains", "value": "head"},
            "points": 30,
        },
        {
            "id": "pricing",
            "name": "Visited pricing",
            "axis": "engagement",
            "when": {"event": "Pricing Viewed", "operator": "exists"},
            "points": 12,
            "repeatable": True,
            "per_day": 2,
            "half_life_days": 14,
        },
    ],
    "thresholds": {"A": 0.8, "B": 0.6, "C": 0.4, "mql": 0.5, "sql": 0.75},
}
_DEFAULTS = {"repeatable": False, "per_day": None, "max_points": None, "half_life_days": None}
CONFIG_OUT: dict[str, Any] = {
    **CONFIG,
    "rules": [
        {
            **_DEFAULTS,
            **rule,
            "when": {"field": None, "event": None, "value": None, **rule["when"]},
        }
        for rule in CONFIG["rules"]
    ],
    "caps": {"fit": None, "engagement": None},
    "updated_at": _AT,
    "updated_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "version": 1,
}
PREVIEW = {
    "leads": 200,
    "changed": 1,
    "sample": [{"lead_id": _ADA, "before": 0.3, "after": 0.42, "grade_before": "D", "grade_after": "C"}],
}
SCORE: dict[str, Any] = {
    "leads": [
        {
            "email": "ada@lovelace.example",
            "title": "Head of Growth",
            "custom_fields": {"seats": 40},
            "events": [{"name": "Pricing Viewed", "at": "2026-11-22T11:00:00Z"}],
        }
    ]
}
RESULT: dict[str, Any] = {
    "lead_id": None,
    "score": 0.42,
    "grade": "C",
    "stage": None,
    "fit": 30,
    "engagement": 12,
    "points": 42,
    "model_version": 1,
    "scored_at": _AT,
    "reasons": [
        {"rule": "head", "axis": "fit", "points": 30, "text": "+30 Heads a team", "at": None, "count": 1},
        {"rule": "pricing", "axis": "engagement", "points": 12, "text": "+12 Visited pricing", "at": _AT, "count": 1},
    ],
}
STORED = {**RESULT, "lead_id": _ADA}

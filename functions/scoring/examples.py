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
    "actions": {"mql": {"create_task": {"priority": "High"}, "webhook": True}},
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
    "model_id": None,
    "weights": {"rules": 0.5, "logistic": 0.5},
    "actions": {
        "mql": {
            "create_task": {"assignees": [], "priority": "High", "name": None},
            "webhook": True,
            "list_id": None,
        },
        "sql": None,
    },
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
    "intercept": None,
    "logit": None,
    "components": None,
    "model": "rules",
    "model_version": 1,
    "model_id": None,
    "scored_at": _AT,
    "reasons": [
        {"rule": "head", "axis": "fit", "points": 30, "text": "+30 Heads a team", "at": None, "count": 1},
        {"rule": "pricing", "axis": "engagement", "points": 12, "text": "+12 Visited pricing", "at": _AT, "count": 1},
    ],
}
STORED = {**RESULT, "lead_id": _ADA}
STARTED: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c55",
    "job": "scoring_rescore",
    "status": "queued",
    "progress": 0,
    "created_at": _AT,
    "updated_at": _AT,
    "result": None,
    "error": None,
}
ADJUST = {"points": -10, "reason": "Asked not to be called", "axis": "engagement"}
_ADJUSTMENT = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c66"
ADJUSTMENT = {**ADJUST, "id": _ADJUSTMENT, "by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99", "at": _AT}
ADJUSTED: dict[str, Any] = {
    **STORED,
    "score": 0.32,
    "grade": "D",
    "engagement": 2,
    "points": 32,
    "reasons": [
        *STORED["reasons"],
        {
            "rule": f"adjustment:{_ADJUSTMENT}",
            "axis": "engagement",
            "points": -10,
            "text": "-10 Asked not to be called",
            "at": _AT,
            "count": 1,
        },
    ],
}
PERFORMANCE: dict[str, Any] = {
    "version": None,
    "won": 12,
    "lost": 20,
    "auc": 0.81,
    "bands": [
        {"low": 0.0, "high": 0.1, "leads": 20, "won": 4, "lost": 16, "won_rate": 0.2},
        {"low": 0.1, "high": 0.2, "leads": 12, "won": 8, "lost": 4, "won_rate": 0.6667},
    ],
}
TRAIN: dict[str, Any] = {"target": {"field": "status", "equals": "converted"}, "exclude": ["Lead Quality"]}
TRAINING: dict[str, Any] = {**STARTED, "job": "scoring_train"}
MODEL: dict[str, Any] = {
    "id": STARTED["id"],
    "active": False,
    "target": TRAIN["target"],
    "rows": 9240,
    "positives": 3561,
    "folds": 5,
    "auc": 0.897,
    "log_loss": 0.395,
    "brier": 0.125,
    "calibration": [{"predicted": 0.05, "observed": 0.048, "n": 3100}],
    "coefficients": [
        {"feature": "(intercept)", "value": None, "coefficient": -1.5},
        {"feature": "source", "value": "referral", "coefficient": 1.25},
    ],
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
ACTIVATED: dict[str, Any] = {**CONFIG_OUT, "model": "logistic", "model_id": STARTED["id"], "version": 2}

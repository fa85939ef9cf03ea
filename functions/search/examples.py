"""Example bodies for the API's description."""

from typing import Any

GOAL: dict[str, Any] = {
    "goal": "Heads of growth at fintech companies in Berlin who might want a better analytics platform",
    "target_market": {"industries": ["fintech"], "titles": ["Head of Growth"], "company_sizes": ["11-50"]},
    "locations": ["Berlin"],
    "keywords": ["analytics"],
    "exclude": ["agency"],
    "budget": {"searches": 10, "tokens": 50000},
}
_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c61"
_TIMES = {"created_at": "2026-11-30T09:00:00.000Z", "updated_at": "2026-11-30T09:00:00.000Z"}
_BY = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
STRATEGY: dict[str, Any] = {
    "id": _ID,
    "version": 1,
    "queries": [
        {"q": '"Head of Growth" fintech Berlin -agency', "reason": "people with the title Head of Growth"},
        {"q": "fintech companies Berlin -agency", "reason": "companies of the market"},
    ],
    "filters": {
        "titles": ["Head of Growth"],
        "industries": ["fintech"],
        "locations": ["Berlin"],
        "keywords": ["analytics"],
        "exclude": ["agency"],
    },
    "ranking": [{"factor": "title", "weight": 1.0, "reason": "who decides about it"}],
    "made_by": "rules",
    "model": None,
    "notice": "MODEL_NOT_CONFIGURED",
    "updated_by": _BY,
    **_TIMES,
}
COST = {"searches": 0, "cached": 0, "pages": 0, "tokens": 0, "amount": "0", "currency": "USD"}
GOAL_OUT: dict[str, Any] = {
    "id": _ID,
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    **GOAL,
    "status": "planned",
    "cost": COST,
    "created_by": _BY,
    "version": 1,
    **_TIMES,
}
PLANNED = {**GOAL_OUT, "strategy": STRATEGY}
CHANGE = {"queries": [{"q": '"Head of Growth" fintech Berlin contact', "reason": "pages with a contact"}]}
CHANGED = {**STRATEGY, **CHANGE, "version": 2}

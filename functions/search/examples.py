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
COST = {"searches": 0, "cached": 0, "pages": 0, "tokens": 0, "validations": 0, "amount": "0", "currency": "USD"}
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
BUDGET: dict[str, Any] = {"budget": {"searches": 20, "tokens": 100000}}
BUDGETED = {**GOAL_OUT, **BUDGET, "version": 2}
PLANNED = {**GOAL_OUT, "strategy": STRATEGY}
CHANGE = {"queries": [{"q": '"Head of Growth" fintech Berlin contact', "reason": "pages with a contact"}]}
CHANGED = {**STRATEGY, **CHANGE, "version": 2}

RESULT_ID = "1-0001-6f1e9a4c61b2"
SOURCES = [
    {
        "url": "https://acme.example/team",
        "retrieved_at": "2026-11-30T09:01:00.000Z",
        "fields": ["name", "title", "company", "email"],
    }
]
RESULT: dict[str, Any] = {
    "id": RESULT_ID,
    "rank": 1,
    "points": 0.82,
    "name": "Ada Lovelace",
    "title": "Head of Growth",
    "company": "Acme",
    "website": "https://acme.example",
    "email": "ada@acme.example",
    "phone": None,
    "location": "Berlin",
    "confidence": {"name": 0.8, "title": 0.8, "company": 0.8, "website": 0.8, "email": 0.95, "location": 0.7},
    "why": "title matches Head of Growth; place matches Berlin; e-mail deliverable",
    "sources": SOURCES,
    "known_lead_id": None,
    "email_verdict": "deliverable",
}
RESULTS_META: dict[str, Any] = {
    "total": 1,
    "status": "ready",
    "strategy_version": 1,
    "operation_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c62",
    "progress": 100,
    "stopped": None,
    "read_by": ["rules"],
    "error": None,
    "cost": {
        "searches": 4,
        "cached": 0,
        "pages": 31,
        "tokens": 0,
        "validations": 1,
        "amount": "0.02",
        "currency": "USD",
    },
}
IMPORT = {"goal_id": _ID, "result_ids": [RESULT_ID]}
LEAD = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "result_id": RESULT_ID,
    "email": "ada@acme.example",
    "phone": None,
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "Acme",
    "title": "Head of Growth",
    "website": "https://acme.example",
    "source": "search",
    "status": "new",
    "sources": SOURCES,
    "created_at": "2026-11-30T09:05:00.000Z",
    "updated_at": "2026-11-30T09:05:00.000Z",
    "version": 1,
}
VALIDATE = {"emails": ["ada@lovelace.example", "ada@gmial"]}
_CHECKED = {"phone": None, "suggestion": None, "checked_at": "2026-11-30T09:05:00.000Z", "recheck_at": None}
VERDICTS = [
    {
        "email": "ada@lovelace.example",
        "verdict": "undeliverable",
        "reasons": ["domain_not_found"],
        "expires_at": "2026-12-30T09:05:00.000Z",
        **_CHECKED,
    },
    {
        "email": "ada@gmial",
        "verdict": "undeliverable",
        "reasons": ["syntax"],
        "expires_at": "2026-12-30T09:05:00.000Z",
        **_CHECKED,
    },
]

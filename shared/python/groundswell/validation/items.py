"""How verdicts lie in the ephemeral table: they expire by themselves.

| pk | sk | what |
|---|---|---|
| `VERDICTS#<client>` | `<digest of the address>` | a verdict |
| `MAILDOMAIN#<domain>` | `FACTS` | what is known of a domain, for all clients |
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.validation.model import Checked, Domain, MailState, Reason, Verdict

_TIMES = ("checked_at", "expires_at", "recheck_at")


def verdicts_pk(client_id: str) -> str:
    return f"VERDICTS#{client_id}"


def verdict_key(client_id: str, verdict_id: str) -> dict[str, Any]:
    return {"pk": {"S": verdicts_pk(client_id)}, "sk": {"S": verdict_id}}


def verdict_row(client_id: str, checked: Checked) -> dict[str, Any]:
    content = vars(checked) | {name: rfc3339(value) for name in _TIMES if (value := getattr(checked, name)) is not None}
    return {
        **verdict_key(client_id, checked.id),
        "content": {"S": json.dumps(content, ensure_ascii=False)},
        "expires_at": {"N": str(int(checked.expires_at.timestamp()))},
    }


def read_verdict(row: Mapping[str, Any]) -> Checked:
    content = json.loads(row["content"]["S"])
    times = {name: datetime.fromisoformat(content[name]) if content[name] else None for name in _TIMES}
    reasons = tuple(map(Reason, content["reasons"]))
    return Checked(**{**content, **times, "verdict": Verdict(content["verdict"]), "reasons": reasons})


def domain_key(name: str) -> dict[str, Any]:
    return {"pk": {"S": f"MAILDOMAIN#{name}"}, "sk": {"S": "FACTS"}}


def domain_row(domain: Domain, expires_at: int) -> dict[str, Any]:
    """`expires_at` in s since 1970."""
    content = {"name": domain.name, "state": domain.state, "hosts": domain.hosts, "catch_all": domain.catch_all}
    return {
        **domain_key(domain.name),
        "content": {"S": json.dumps(content)},
        "expires_at": {"N": str(expires_at)},
    }


def read_domain(row: Mapping[str, Any]) -> Domain:
    content = json.loads(row["content"]["S"])
    return Domain(content["name"], MailState(content["state"]), tuple(content["hosts"]), content["catch_all"])

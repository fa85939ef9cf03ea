"""What follows from a lead, in the same transaction: its identities' sentinels, its rows in lists and in the search,
counters and companies. How they lie in the table: `items`."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads.companies import domain_of
from groundswell.leads.items import (
    LISTING,
    SHARDS,
    STATUS_COUNTER,
    CompanyItem,
    companies_pk,
    count_pk,
    key_pk,
    lookup_pk,
    score_key,
)
from groundswell.leads.lookup import search_text, tokens
from groundswell.leads.model import Lead, LeadExists
from groundswell.storage.listing import Entry
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete_row, put_new_row, put_row


def derived(*pairs: tuple[Lead | None, Lead | None]) -> list[Change]:
    """What else changes with leads that were and are: identities, rows of lists and of the search. The counters, which
    leads that change together share, are `counted`."""
    [client_id] = {lead.client_id for pair in pairs for lead in pair if lead}
    changes = [*_keys(client_id, *pairs)]
    for before, after in pairs:
        changes += LISTING.changes(client_id, _entry(before), _entry(after))
        changes += _lookups(client_id, before, after)
    return changes


def counted(client_id: str, *pairs: tuple[Lead | None, Lead | None]) -> list[Change]:
    """The counters of what changed in one transaction, in a shard of its own choosing: their sum is what counts."""
    steps, companies = Counter[tuple[str, str]](), Counter[str]()
    names: dict[str, Lead] = {}
    for pair in pairs:
        for lead, step in zip(pair, (-1, 1), strict=True):
            if lead and not lead.merged_into:
                steps.update(dict.fromkeys(_counters(lead), step))
                if domain := domain_of(lead):
                    companies[domain] += step
                    names[domain] = lead
    shard = random.randrange(SHARDS)
    grouped: dict[str, dict[str, int]] = {}
    for (counter, field), step in steps.items():
        if step:
            grouped.setdefault(counter, {})[field] = step
    totals = [_add(client_id, shard, counter, fields) for counter, fields in sorted(grouped.items())]
    return [*totals, *(_company(names[domain], domain, step) for domain, step in sorted(companies.items()) if step)]


def counters_of(pair: tuple[Lead | None, Lead | None]) -> frozenset[str]:
    """By what `counted` keeps its changes apart: leads of one transaction share those of the same name."""
    leads = [lead for lead in pair if lead and not lead.merged_into]
    names = {counter for lead in leads for counter, _ in _counters(lead)}
    return frozenset(names | {f"domain={domain}" for lead in leads if (domain := domain_of(lead))})


def _counters(lead: Lead) -> Iterator[tuple[str, str]]:
    yield STATUS_COUNTER, lead.status.value
    for name, values in _facts(lead).items():
        if name in ("owner", "source", "list", "segment"):
            for value in values:
                yield f"{name}={value}", "n"


def _entry(lead: Lead | None) -> Entry | None:
    """None where it is in no list: it is not there, or went into another one."""
    if lead is None or lead.merged_into:
        return None
    facts = _facts(lead)
    return Entry(
        id=lead.id,
        views=frozenset({"all", *(f"{name}={value}" for name, values in facts.items() for value in values)}),
        orders={
            "created_at": rfc3339(lead.created_at),
            "score": score_key(lead.score),
            "last_activity_at": rfc3339(lead.last_activity_at),
        },
        facts=facts,
        texts={"q": search_text(lead)} if search_text(lead) else {},
    )


def _facts(lead: Lead) -> dict[str, tuple[str, ...]]:
    named = {
        "status": (lead.status.value,),
        "owner": (lead.owner_id,) if lead.owner_id else (),
        "source": (lead.source,) if lead.source else (),
        "tag": lead.tags,
        "list": lead.list_ids,
        "segment": lead.segment_ids,
        "domain": (domain,) if (domain := domain_of(lead)) else (),
    }
    return {name: values for name, values in named.items() if values}


def _keys(client_id: str, *pairs: tuple[Lead | None, Lead | None]) -> Iterator[Change]:
    """An identity may pass from one of the leads to another. One that went into another lead has none."""
    old, new = _holders(before for before, _ in pairs), _holders(after for _, after in pairs)
    for key in sorted(old.keys() - new.keys()):
        yield delete_row("core", {"pk": {"S": key_pk(client_id, key)}, "sk": {"S": "KEY"}})
    for key, lead_id in sorted(new.items()):
        row = _key_row(client_id, key, lead_id)
        if key not in old:
            yield put_new_row("core", row, LeadExists())
        elif old[key] != lead_id:
            yield put_row("core", row)


def _key_row(client_id: str, key: str, lead_id: str) -> dict[str, Any]:
    """A `KeyItem` as it lies there: through pynamodb it takes ten times as long, and imports write many."""
    texts = {"pk": key_pk(client_id, key), "sk": "KEY", "kind": "lead_key", "lead_id": lead_id}
    return {**{name: {"S": text} for name, text in texts.items()}, "schema_version": {"N": "1"}, "version": {"N": "1"}}


def _holders(leads: Iterable[Lead | None]) -> dict[str, str]:
    return {key: lead.id for lead in leads if lead and not lead.merged_into for key in lead.keys}


def _lookups(client_id: str, before: Lead | None, after: Lead | None) -> Iterator[Change]:
    old = set(tokens(before)) if before and not before.merged_into else set()
    new = set(tokens(after)) if after and not after.merged_into else set()
    lead_id = (after or before or _nobody()).id
    for text in sorted(old - new):
        yield delete_row("core", _lookup_key(client_id, text, lead_id))
    for text in sorted(new - old):
        row = {**_lookup_key(client_id, text, lead_id), "kind": {"S": "lead_lookup"}, "id": {"S": lead_id}}
        yield put_row("core", row)


def _nobody() -> Lead:
    raise ValueError("no lead before and none after")


def _lookup_key(client_id: str, text: str, lead_id: str) -> dict[str, Any]:
    return {"pk": {"S": lookup_pk(client_id, text)}, "sk": {"S": f"{text}#{lead_id}"}}


def _add(client_id: str, shard: int, counter: str, fields: dict[str, int]) -> Change:
    names = {f"#f{at}": name for at, name in enumerate(sorted(fields))}
    operation = {
        "TableName": table_name("core"),
        "Key": {"pk": {"S": count_pk(client_id, shard)}, "sk": {"S": counter}},
        "UpdateExpression": "SET kind = :kind ADD " + ", ".join(f"{name} :{name[1:]}" for name in names),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {
            ":kind": {"S": "lead_count"},
            **{f":{key[1:]}": {"N": str(fields[name])} for key, name in names.items()},
        },
    }
    return Change({"Update": operation}, PreconditionFailed())


def _company(lead: Lead, domain: str, step: int) -> Change:
    new: dict[str, Any] = CompanyItem(
        companies_pk(lead.client_id), domain, kind="lead_company", domain=domain, leads=step, created_at=lead.created_at
    ).serialize()
    values: dict[str, Any] = {
        ":kind": new["kind"],
        ":domain": new["domain"],
        ":at": new["created_at"],
        ":step": new["leads"],
    }
    called = "#name = if_not_exists(#name, :name), " if lead.company else ""
    operation: dict[str, Any] = {
        "TableName": table_name("core"),
        "Key": {"pk": {"S": companies_pk(lead.client_id)}, "sk": {"S": domain}},
        "UpdateExpression": f"SET {called}kind = :kind, #domain = :domain, created_at = if_not_exists(created_at, :at) "
        "ADD leads :step",
        "ExpressionAttributeNames": {"#domain": "domain"} | ({"#name": "name"} if called else {}),
        "ExpressionAttributeValues": values | ({":name": {"S": lead.company}} if called else {}),
    }
    return Change({"Update": operation}, PreconditionFailed())

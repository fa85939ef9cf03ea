"""The leads' side: what is scored is read from there, and the score is kept there."""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.leads.items import lead_pk
from groundswell.leads.model import Filter, Lead, Order
from groundswell.leads.settings.types import CustomField
from groundswell.leads.store import DynamoLeadStore, saved
from groundswell.scoring.crossing import messages
from groundswell.scoring.items import RESULT, ScoreItem, score_item, tally_pk
from groundswell.scoring.model import Actions, Score
from groundswell.scoring.standing import Standing, moved
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import OPERATIONS_AT_MOST, Change, put, write

SHARDS = 8
_ATTEMPTS = 12  # of those that write at once one gets through each time


class DynamoStandings:
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> Mapping[str, Standing]:
        keys = [{"pk": {"S": lead_pk(client_id, lead_id)}, "sk": {"S": RESULT}} for lead_id in dict.fromkeys(lead_ids)]
        items = (ScoreItem.from_raw_data(row) for row in get_rows("core", keys))
        return {item.lead_id: from_item(Standing, item) for item in items}


class StoredLeads:
    def __init__(self) -> None:
        self._store = DynamoLeadStore()

    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]:
        """Those that are there and went into no other."""
        return tuple(lead for lead in self._store.find_many(client_id, lead_ids) if not lead.merged_into)

    def page(self, client_id: str, limit: int, position: Position | None, *, newest_first: bool = True) -> Page[Lead]:
        return self._store.page(client_id, Filter(), Order(descending=newest_first), limit, position).page

    def types(self, client_id: str) -> Mapping[str, CustomField]:
        return self._store.met(client_id, ())[1].types

    def total(self, client_id: str) -> int:
        return sum(self._store.status_totals(client_id).values())


@dataclass(frozen=True)
class Kept:
    """What keeping one score writes. `steps` are the tally's: leads that are written together share it."""

    changes: Sequence[Change]
    messages: Sequence[Message]
    steps: Mapping[str, int]

    @property
    def size(self) -> int:
        return len(self.changes) + len(self.messages)


NOTHING = Kept((), (), {})
"""Of a client who has set no rules there is nothing to explain."""


class LeadScores:
    """A lead with its rows in lists, its result with the reasons, the tally of its outcome and what its crossing of a
    stage sets off, in one transaction: whoever dies leaves all of it or nothing, and each crossing is told once."""

    def __init__(self) -> None:
        self._store = DynamoLeadStore()
        self._standings = DynamoStandings()

    def save(
        self, leads: Sequence[Lead], scores: Sequence[Score], standings: Mapping[str, Standing], actions: Actions
    ) -> None:
        """Many together; each alone where somebody else was faster. A lead that is gone by now is left out."""
        group: list[tuple[Lead, Score]] = []
        kept: list[Kept] = []
        for lead, score in zip(leads, scores, strict=True):
            own = kept_of(lead, score, standings.get(lead.id, Standing()), actions)
            if sum(kept_score.size for kept_score in kept) + own.size >= OPERATIONS_AT_MOST:
                self._write(group, kept, actions)
                group, kept = [], []
            group.append((lead, score))
            kept.append(own)
        if group:
            self._write(group, kept, actions)

    def save_one(self, lead: Lead, score: Score, standing: Standing, actions: Actions) -> None:
        """Raises PreconditionFailed where somebody else was faster."""
        write_kept(lead.client_id, [kept_of(lead, score, standing, actions)])

    def _write(self, group: Sequence[tuple[Lead, Score]], kept: Sequence[Kept], actions: Actions) -> None:
        try:
            write_kept(group[0][0].client_id, kept)
        except PreconditionFailed:
            for lead, score in group:
                self._alone(lead.client_id, lead.id, score, actions)

    def _alone(self, client_id: str, lead_id: str, score: Score, actions: Actions) -> None:
        """Nothing where it is gone, was merged, or has a newer score."""
        for _ in range(_ATTEMPTS):
            lead = self._store.find(client_id, lead_id)
            if lead is None or lead.merged_into or (lead.scored_at and lead.scored_at > score.scored_at):
                return None
            standing = self._standings.find_many(client_id, [lead_id]).get(lead_id, Standing())
            try:
                return write_kept(client_id, [kept_of(lead, score, standing, actions)])
            except PreconditionFailed:
                continue
        raise PreconditionFailed


def kept_of(lead: Lead, score: Score, standing: Standing, actions: Actions) -> Kept:
    """Of a lead that is there as it is."""
    result = result_of(lead, score, standing, actions)
    return replace(result, changes=[*saved(lead, scored(lead, score)), *result.changes])


def result_of(lead: Lead, score: Score, standing: Standing, actions: Actions) -> Kept:
    """All but the lead itself, which somebody else writes with it."""
    after, crossings = moved(standing, score, lead.status)
    own = replace(score, lead_id=lead.id)
    queue_messages = list(messages(lead.client_id, lead.id, crossings, actions))
    same = standing.counted == after.counted
    steps = {} if same else {name: step for name, step in ((standing.counted, -1), (after.counted, 1)) if name}
    return Kept([put(score_item(lead.client_id, own, after))], queue_messages, steps)


def scored(lead: Lead, score: Score) -> Lead:
    return replace(lead, score=score.score, grade=score.grade, scored_at=score.scored_at)


def write_kept(client_id: str, kept: Sequence[Kept]) -> None:
    changes = [change for kept_score in kept for change in kept_score.changes]
    write([*changes, *tally(client_id, kept)], [message for kept_score in kept for message in kept_score.messages])


def tallies(client_id: str) -> dict[str, int]:
    keys = [{"pk": {"S": tally_pk(client_id)}, "sk": {"S": str(shard)}} for shard in range(SHARDS)]
    counts: dict[str, int] = {}
    for row in get_rows("core", keys):
        for name, value in row.items():
            if "#" in name and "N" in value:
                counts[name] = counts.get(name, 0) + int(value["N"])
    return counts


def tally(client_id: str, kept: Iterable[Kept]) -> list[Change]:
    """In a shard of its own choosing: their sum is what counts."""
    steps = Counter[str]()
    for kept_score in kept:
        steps.update(kept_score.steps)
    steps = Counter({name: step for name, step in steps.items() if step})
    if not steps:
        return []
    names = {f"#f{at}": name for at, name in enumerate(steps)}
    values: dict[str, Any] = {f":{key[1:]}": {"N": str(steps[name])} for key, name in names.items()}
    operation = {
        "TableName": table_name("core"),
        "Key": {"pk": {"S": tally_pk(client_id)}, "sk": {"S": str(random.randrange(SHARDS))}},
        "UpdateExpression": "SET kind = :kind ADD " + ", ".join(f"{name} :{name[1:]}" for name in names),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":kind": {"S": "score_tally"}, **values},
    }
    return [Change({"Update": operation}, PreconditionFailed())]

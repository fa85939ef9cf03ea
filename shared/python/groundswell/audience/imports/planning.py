"""What becomes of rows: which leads they make and change, in the file's order. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from groundswell.audience.imports.model import Outcome, Row, RowError, lead_id_of
from groundswell.kernel.errors import Invalid
from groundswell.leads.edits import Values, edited, keys_of, upserted
from groundswell.leads.model import Lead
from groundswell.leads.settings.service import in_turn

type Pair = tuple[Lead | None, Lead]
"""A lead as it was (None: not there) and is to be."""


@dataclass
class Plan:
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    errors: list[RowError] = field(default_factory=list)
    pairs: dict[str, Pair] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    """Lead ids by identity, of all that rows said: the same person may come again."""

    def count(self, outcome: Outcome) -> None:
        self.counts[outcome] += 1


class Planner:
    """`import_id` and a row's number make a lead's id. So a row whose lead is there already, made by itself, is a row
    that was done before a worker died: it counts as `created`, again, and writes nothing. Leads that rows make without
    an owner are given to `owners` in turn, by the row's number: again, it is the same one."""

    def __init__(
        self, import_id: str, client_id: str, by: str, now: Callable[[], datetime], owners: Sequence[str] = ()
    ) -> None:
        self._import_id = import_id
        self._client_id = client_id
        self._by = by
        self._now = now
        self._owners = owners

    def plan(self, rows: Sequence[Row], holders: Mapping[str, str], leads: Mapping[str, Lead]) -> Plan:
        """`holders` are lead ids by identity, `leads` those of them that are stored."""
        made = Plan(seen=dict(holders))
        for row in rows:
            try:
                made.count(self._take(made, row, leads))
            except Invalid as error:
                made.count(Outcome.FAILED)
                problem = error.problems[0] if error.problems else None
                where = problem.field if problem else "identities"
                made.errors.append(RowError(row.number, row.line, where, problem.message if problem else error.text))
        return made

    def _take(self, plan: Plan, row: Row, leads: Mapping[str, Lead]) -> Outcome:
        if row.error:
            plan.errors.append(row.error)
            return Outcome.FAILED
        if row.values is None:
            return Outcome.SKIPPED
        keys = keys_of(row.values)
        owners = list(dict.fromkeys(plan.seen[key] for key in sorted(keys) if key in plan.seen))
        if len(owners) > 1:
            raise Invalid.on("identities", f"they belong to different leads: {', '.join(owners)}", "meet")
        own = lead_id_of(self._import_id, row.number)
        if not owners:
            self._make(plan, own, self._with_owner(row.number, row.values))
            return Outcome.CREATED
        if owners[0] == own:
            return Outcome.CREATED
        self._change(plan, owners[0], row.values, leads)
        return Outcome.UPDATED

    def _with_owner(self, row: int, values: Values) -> Values:
        return {"owner_id": in_turn(self._owners, row), **values} if self._owners else values

    def _make(self, plan: Plan, lead_id: str, values: Values) -> None:
        now = self._now()
        blank = Lead(lead_id, self._client_id, self._by, now, now, now, now)
        after = self._edited(blank, values)
        plan.pairs[lead_id] = (None, after)
        plan.seen |= dict.fromkeys(after.keys, lead_id)

    def _change(self, plan: Plan, lead_id: str, values: Values, leads: Mapping[str, Lead]) -> None:
        before, lead = plan.pairs.get(lead_id) or (leads.get(lead_id), leads.get(lead_id))
        if lead is None:  # of a dry run: an earlier row would make it
            plan.seen |= dict.fromkeys(keys_of(values), lead_id)
            return
        after = self._edited(lead, upserted(lead, values))
        if after != lead:
            plan.pairs[lead_id] = (before, after)
        plan.seen |= dict.fromkeys(after.keys, lead_id)

    def _edited(self, lead: Lead, values: Values) -> Lead:
        return edited(lead, values, by=self._by, network=None, now=self._now())

"""Keeps scores current: of leads that changed, and of those that did something."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import batched
from typing import Any, Protocol
from uuid import UUID

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads.model import Lead
from groundswell.scoring.keeping import Configs, Scorers
from groundswell.scoring.model import RuleSet
from groundswell.scoring.rescoring import RESCORE, Writer, needs_keeping
from groundswell.scoring.standing import Standing

EVERY = timedelta(minutes=5)
"""How often leads that did something are scored again, each once."""
DECAY_EVERY = timedelta(hours=4)
"""How often all are where scores change with time: kept ones are six hours old at most."""
EVENTS, DECAY = "scoring.events", "scoring.decay"
_OVERLAP = timedelta(minutes=30)
"""How long an event may take from its time to the log."""
_TOGETHER = 100
AT_ONCE = 1_000
"""Leads that one time scores by what they did: some minutes of a worker at most."""
_REST = "rest"


class Leads(Protocol):
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]: ...


class Follower:
    """Scores leads that changed since they were scored. What a score itself changes of a lead is none of that."""

    def __init__(self, scorers: Scorers, writer: Writer) -> None:
        self._scorers = scorers
        self._writer = writer

    def follow(self, changed: Iterable[Lead]) -> int:
        """How many have another score. Again, it changes nothing."""
        by_client: dict[str, dict[str, Lead]] = {}
        for lead in changed:
            if not lead.merged_into and (lead.scored_at is None or lead.scored_at < lead.updated_at):
                by_client.setdefault(lead.client_id, {})[lead.id] = lead
        return sum(self.score(client_id, list(leads.values())) for client_id, leads in by_client.items())

    def score(self, client_id: str, leads: Sequence[Lead]) -> int:
        scores, standings, config = self._scorers.score(client_id, leads)
        if not config.version:
            return 0  # nothing to score by: whoever imports many leads pays for none of this
        pairs = [
            (lead, score)
            for lead, score in zip(leads, scores, strict=True)
            if needs_keeping(lead, score, standings.get(lead.id, Standing())) or lead.scored_at is None
        ]
        self._writer.save([lead for lead, _ in pairs], [score for _, score in pairs], standings, config.actions)
        return len(pairs)


class Log(Protocol):
    def seen(self, client_id: str, names: Collection[str], since: datetime, until: datetime) -> Collection[str]:
        """Leads of the persons who did one of these."""


class Sweeps(Protocol):
    def last(self, client_id: str) -> datetime | None:
        """Up to when events were looked at."""

    def again(self, client_id: str, kind: str, due: datetime, payload: Mapping[str, Any]) -> None:
        """Come again then."""

    def done(self, client_id: str, until: datetime) -> None: ...


class Operations(Protocol):
    def start(self, who: ClientContext, job: str, state: Mapping[str, Any], operation_id: str | None = None) -> object:
        """Raises PreconditionFailed for one that was started."""


class Sweep:
    """Scores the leads that did something that rules count, each once, however much it did."""

    def __init__(
        self,
        configs: Configs,
        log: Log,
        leads: Leads,
        follower: Follower,
        sweeps: Sweeps,
        now: Callable[[], datetime],
    ) -> None:
        self._configs = configs
        self._log = log
        self._leads = leads
        self._follower = follower
        self._sweeps = sweeps
        self._now = now

    def fire(self, client_id: str, payload: Mapping[str, Any]) -> int:
        """As many of them as one time may take: the rest has a timer of its own, due at once, which goes on from there.

        The next time is set first: a worker that dies leaves it to that, which looks at the same events again."""
        names = counted_events(self._configs.find(client_id) or RuleSet())
        if not names:
            return 0
        now = self._now()
        self._sweeps.again(client_id, EVENTS, now + EVERY, payload)
        since, until, after = self._part(client_id, payload, now)
        ids = sorted(lead_id for lead_id in self._log.seen(client_id, names, since, until) if lead_id > after)
        changed = sum(
            self._follower.score(client_id, self._leads.find_many(client_id, batch))
            for batch in batched(ids[:AT_ONCE], _TOGETHER, strict=False)
        )
        plain = {name: value for name, value in payload.items() if name != _REST}
        if len(ids) > AT_ONCE:
            rest = [rfc3339(since), rfc3339(until), ids[AT_ONCE - 1]]
            self._sweeps.again(client_id, EVENTS, now, {**plain, _REST: rest})
            return changed
        self._sweeps.done(client_id, until)
        if _REST in payload:
            self._sweeps.again(client_id, EVENTS, now + EVERY, plain)
        return changed

    def _part(self, client_id: str, payload: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime, str]:
        """From when to when events are looked at, and behind which lead."""
        if _REST in payload:
            since, until, after = payload[_REST]
            return datetime.fromisoformat(since), datetime.fromisoformat(until), str(after)
        return (self._sweeps.last(client_id) or now - EVERY) - _OVERLAP, now, ""


class Decay:
    """Scores all leads of a client whose scores change with time, as an operation."""

    def __init__(self, configs: Configs, operations: Operations, sweeps: Sweeps, now: Callable[[], datetime]) -> None:
        self._configs = configs
        self._operations = operations
        self._sweeps = sweeps
        self._now = now

    def fire(self, client_id: str, due: datetime, payload: Mapping[str, Any]) -> None:
        """One operation for each due time, whoever repeats it."""
        config = self._configs.find(client_id) or RuleSet()
        if not decays(config):
            return
        self._sweeps.again(client_id, DECAY, self._now() + DECAY_EVERY, payload)
        acting = ClientContext(client_id, str(payload["org_id"]), "feature:scoring", Role.EDITOR)
        with suppress(PreconditionFailed):  # it was started
            self._operations.start(acting, RESCORE, {}, id_for(client_id, DECAY, rfc3339(due)))


def id_for(*parts: str) -> str:
    """The same of the same parts."""
    return str(UUID(bytes=sha256("\0".join(parts).encode()).digest()[:16]))


def counted_events(config: RuleSet) -> frozenset[str]:
    return frozenset(rule.when.event for rule in config.rules if rule.when.event)


def decays(config: RuleSet) -> bool:
    """Whether time alone changes scores."""
    return any(rule.half_life_days or rule.when.operator == "within_days" for rule in config.rules)


def timers_of(config: RuleSet) -> Mapping[str, timedelta | None]:
    """By kind; None where it is needed no more."""
    return {
        EVENTS: EVERY if counted_events(config) else None,
        DECAY: DECAY_EVERY if decays(config) else None,
    }

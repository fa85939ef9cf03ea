"""Scoring in DynamoDB (how it lies there: `items`)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import Page, Position
from groundswell.leads.items import score_key
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.scoring.adapter_leads import tallies
from groundswell.scoring.crossing import QUEUE
from groundswell.scoring.following import timers_of
from groundswell.scoring.items import (
    CONFIG,
    SWEEP,
    ConfigItem,
    ScoreItem,
    SweepItem,
    config_item,
    config_pk,
    kept_item,
    results_pk,
    version_sk,
)
from groundswell.scoring.model import RuleSet, Score
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find
from groundswell.storage.transaction import Change, put, put_row, write

_HIGHEST = "2"
"""Above every score's key."""


class DynamoConfigStore:
    def find(self, client_id: str, version: int | None = None) -> RuleSet | None:
        kept = find(RuleSet, ConfigItem, config_pk(client_id), version_sk(version) if version else CONFIG)
        return replace(kept, version=version) if kept and version else kept

    def save(self, client_id: str, config: RuleSet, org_id: str) -> RuleSet:
        """With the timers that keep its scores current."""
        kept = [put(config_item(client_id, config)), put(kept_item(client_id, config))]
        write([*kept, *_timers(client_id, config, org_id)])
        return replace(config, version=config.version + 1)


def _timers(client_id: str, config: RuleSet, org_id: str) -> Iterator[Change]:
    for kind, every in timers_of(config).items():
        if every is None:
            yield cancel_timer(client_id, kind, kind)
        else:
            due = (config.updated_at or utc_now()) + every
            yield set_timer(Timer(client_id, kind, kind, due, QUEUE, {"org_id": org_id}))


class DynamoSweeps:
    def last(self, client_id: str) -> datetime | None:
        try:
            return SweepItem.get(config_pk(client_id), SWEEP, consistent_read=True).until
        except SweepItem.DoesNotExist:
            return None

    def again(self, client_id: str, kind: str, due: datetime, payload: Mapping[str, Any]) -> None:
        write([set_timer(Timer(client_id, kind, kind, due, QUEUE, payload))])

    def done(self, client_id: str, until: datetime) -> None:
        row = SweepItem(config_pk(client_id), SWEEP, kind="scoring_sweep", until=until).serialize()
        write([put_row("core", row)])


class DynamoResults:
    def tallies(self, client_id: str) -> Mapping[str, int]:
        return tallies(client_id)

    def page(
        self, client_id: str, min_score: float, grade: str | None, limit: int, position: Position | None
    ) -> Page[Score]:
        """One Query. The place in the list is the last key that was shown, which the next page leaves out."""
        index, key = (ScoreItem.by_gsi2, ScoreItem.gsi2sk) if grade else (ScoreItem.by_gsi1, ScoreItem.gsi1sk)
        last = str(position["key"]) if position else _HIGHEST
        low = score_key(min_score)
        if last < low:
            return Page(())
        results: Any = index.query(
            results_pk(client_id, grade),
            key.between(low, last),
            scan_index_forward=False,
            limit=limit + 2,
            page_size=limit + 2,
        )
        items = [item for item in results if item.gsi1sk != last]
        scores = tuple(from_item(Score, item) for item in items[:limit])
        return Page(scores, {"key": items[limit - 1].gsi1sk} if len(items) > limit else None)

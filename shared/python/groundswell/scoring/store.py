"""Scoring in DynamoDB (how it lies there: `items`)."""

from dataclasses import replace
from typing import Any

from groundswell.kernel.page import Page, Position
from groundswell.leads.items import score_key
from groundswell.scoring.items import (
    CONFIG,
    ConfigItem,
    ScoreItem,
    config_item,
    config_pk,
    kept_item,
    results_pk,
    version_sk,
)
from groundswell.scoring.model import RuleSet, Score
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find
from groundswell.storage.transaction import put, write

_HIGHEST = "2"
"""Above every score's key."""


class DynamoConfigStore:
    def find(self, client_id: str, version: int | None = None) -> RuleSet | None:
        kept = find(RuleSet, ConfigItem, config_pk(client_id), version_sk(version) if version else CONFIG)
        return replace(kept, version=version) if kept and version else kept

    def save(self, client_id: str, config: RuleSet) -> RuleSet:
        write([put(config_item(client_id, config)), put(kept_item(client_id, config))])
        return replace(config, version=config.version + 1)


class DynamoResults:
    def page(
        self, client_id: str, min_score: float, grade: str | None, limit: int, position: Position | None
    ) -> Page[Score]:
        """One Query. The place in the list is the last key that was shown, which the next page leaves out."""
        index, key = (ScoreItem.by_gsi2, ScoreItem.gsi2sk) if grade else (ScoreItem.by_gsi1, ScoreItem.gsi1sk)
        last = str(position["key"]) if position else _HIGHEST
        low = score_key(min_score)
        if last < low:
            return Page(())
        found: Any = index.query(
            results_pk(client_id, grade),
            key.between(low, last),
            scan_index_forward=False,
            limit=limit + 2,
            page_size=limit + 2,
        )
        items = [item for item in found if item.gsi1sk != last]
        scores = tuple(from_item(Score, item) for item in items[:limit])
        return Page(scores, {"key": items[limit - 1].gsi1sk} if len(items) > limit else None)

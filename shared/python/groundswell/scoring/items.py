"""How scores lie in the core table.

| pk | sk | what |
|---|---|---|
| `SCORING#<client>` | `CONFIG` | the newest config |
| | `V#<version>` | each one that was |
| | `SWEEP` | up to when its events were looked at |
| | `MODEL#<id>` | a model of what becomes of leads: `regression.items` |
| `SCORETALLY#<client>` | `<shard>` | how many leads of a band were won and lost, in part |
| `LEAD#<client>#<lead>` | `SCORE` | the lead's result: it goes when the lead does |

Results are listed by `gsi1` (all of a client) and `gsi2` (those of a grade), in the order of scores.
"""

from dataclasses import replace

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.leads.items import lead_pk, score_key
from groundswell.scoring.model import RuleSet, Score
from groundswell.scoring.standing import Standing
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

CONFIG, RESULT, SWEEP = "CONFIG", "SCORE", "SWEEP"


class ConfigItem(CoreItem):
    rules = JSONAttribute()
    thresholds = JSONAttribute()
    caps = JSONAttribute()
    model = UnicodeAttribute(default="rules")
    model_id = UnicodeAttribute(null=True)
    weights = JSONAttribute(default=dict)
    actions = JSONAttribute(default=dict)
    updated_at = UTCDateTimeAttribute(null=True)
    updated_by = UnicodeAttribute(null=True)


class SweepItem(CoreItem):
    until = UTCDateTimeAttribute()


class ScoreItem(CoreItem):
    lead_id = UnicodeAttribute()
    score = NumberAttribute()
    grade = UnicodeAttribute()
    stage = UnicodeAttribute(null=True)
    fit = NumberAttribute()
    engagement = NumberAttribute()
    points = NumberAttribute()
    reasons = JSONAttribute()
    scored_at = UTCDateTimeAttribute()
    model_version = NumberAttribute()
    model = UnicodeAttribute(default="rules")
    rules_score = NumberAttribute(default=0)
    chance = JSONAttribute(null=True)
    weights = JSONAttribute(null=True)
    crossings = NumberAttribute(default=0)
    adjustments = JSONAttribute(default=list)
    open_score = NumberAttribute(null=True)
    open_version = NumberAttribute(null=True)
    counted = UnicodeAttribute(null=True)


def config_pk(client_id: str) -> str:
    return f"SCORING#{client_id}"


def version_sk(version: int) -> str:
    return f"V#{version:010}"


def results_pk(client_id: str, grade: str | None = None) -> str:
    return f"SCORES#{client_id}" + (f"#{grade}" if grade else "")


def config_item(client_id: str, config: RuleSet) -> ConfigItem:
    return to_item(ConfigItem, config, config_pk(client_id), CONFIG, kind="scoring_config")


def kept_item(client_id: str, config: RuleSet) -> ConfigItem:
    """`config` as the version that it becomes: it is never written again."""
    kept = replace(config, version=0)
    return to_item(ConfigItem, kept, config_pk(client_id), version_sk(config.version + 1), kind="scoring_version")


def tally_pk(client_id: str) -> str:
    return f"SCORETALLY#{client_id}"


def score_item(client_id: str, score: Score, standing: Standing) -> ScoreItem:
    lead_id = score.lead_id or ""
    key = f"{score_key(score.score)}#{lead_id}"
    places: dict[str, str | int] = {
        "gsi1pk": results_pk(client_id),
        "gsi2pk": results_pk(client_id, score.grade),
        "gsi1sk": key,
        "gsi2sk": key,
    }
    item = to_item(ScoreItem, score, lead_pk(client_id, lead_id), RESULT, kind="lead_score", **places)
    kept = to_item(ScoreItem, standing, item.pk, item.sk, kind="lead_score")
    for name in _STANDING:
        if (value := getattr(kept, name)) is not None:
            setattr(item, name, value)
    return item


_STANDING = ("crossings", "adjustments", "open_score", "open_version", "counted", "version")

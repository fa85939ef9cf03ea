"""How models lie in the core table: `SCORING#<client>`, `MODEL#<time-ordered id>`. They are never changed."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.scoring.items import config_pk
from groundswell.scoring.regression.model import LogisticModel
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

MODEL = "MODEL#"


class ModelItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    target = JSONAttribute()
    rows = NumberAttribute()
    positives = NumberAttribute()
    evaluation = JSONAttribute()
    intercept = NumberAttribute()
    numeric = JSONAttribute()
    categorical = JSONAttribute()


def model_item(model: LogisticModel) -> ModelItem:
    return to_item(ModelItem, model, config_pk(model.client_id), MODEL + model.id, kind="scoring_model")

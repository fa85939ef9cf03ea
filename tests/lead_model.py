"""A model of what becomes of leads, trained through `groundswell dev` on a CSV file, beside scikit-learn on the same.

`uv run python -m tests.lead_model leads.csv --target Converted [--equals 1] [--exclude COLUMN ...]`: imports the file,
trains on all columns but the excluded ones, scores some leads and adds their reasons up. Leave out what was known only
afterwards: columns that staff fill in once they know more predict by leaking. Without `--exclude`, those of the public
X Education leads are left out where a file has them. Both hold out the same leads, fold by fold: other folds of a
thousand leads differ by more than the models do. Ends with 1 where scikit-learn is better by more than 0.001, or where
reasons do not reconcile.
"""

import argparse
import csv
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from groundswell.scoring.regression.encoding import FREQUENT, Numbers, columns_of
from groundswell.scoring.regression.features import plain
from groundswell.scoring.regression.training import folds_of
from groundswell.scoring.values import number, same_key
from tests.campaign_run import Api, stage
from tests.lead_import import leads

AFTERWARDS = (
    "Tags",
    "Lead Quality",
    "Lead Profile",
    "Asymmetrique Activity Index",
    "Asymmetrique Profile Index",
    "Asymmetrique Activity Score",
    "Asymmetrique Profile Score",
)
_FOLDS, _SEED, _TOLERATED = 5, 42, 0.001
_CUSTOM = "custom_fields."
type Row = dict[str, str]
type Fold = tuple[Any, Any]
"""Numbers of rows: to learn from, and held out."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("path", type=Path)
    parser.add_argument("--target", required=True, help="the column that says what became of the lead")
    parser.add_argument("--equals", default="1", help="its value for those that were won (1)")
    parser.add_argument("--exclude", nargs="*", default=AFTERWARDS, help="columns to leave out")
    args = parser.parse_args()
    with args.path.open(newline="", encoding="utf-8-sig") as file:
        rows: list[Row] = list(csv.DictReader(file))
    won = np.array([same_key(row[args.target]) == same_key(args.equals) for row in rows])
    with tempfile.TemporaryDirectory() as made, stage(Path(made) / "data") as demo:
        ours, reconciled, order = trained(Api(demo), args, rows)
    places = np.array(order)
    held_out = [places[fold] for fold in folds_of(won[places].astype(float))]
    theirs = scikit_learn(rows, won, [*args.exclude, args.target], held_out)
    print(f"groundswell  AUC {ours['auc']:.4f}, Brier {ours['brier']:.4f}, {ours['rows']:,} leads")
    good = ours["auc"] >= theirs[0] - _TOLERATED and ours["brier"] <= theirs[1] + _TOLERATED and reconciled
    print("ok" if good else "FAIL", "within 0.001 of scikit-learn or better, and reasons reconcile")
    sys.exit(0 if good else 1)


def trained(api: Api, args: argparse.Namespace, rows: Sequence[Row]) -> tuple[dict[str, Any], bool, list[int]]:
    """What the operation answers, whether the reasons of a hundred leads add up to their scores, and of which row each
    lead came, in the order in which the model saw them."""
    files = {"file": (args.path.name, args.path.read_bytes(), "text/csv")}
    result = awaited(api, api.post("/leads/import", files=files))
    print({name: result[name] for name in ("rows", "created", "updated", "skipped", "failed")})
    named = {title: _features(fields) for title, fields in result["mapping"].items() if fields}
    began = time.monotonic()
    body = {
        "target": {"field": named[args.target][0], "equals": args.equals},
        "exclude": [name for title in args.exclude for name in named.get(title, ())],
    }
    model = awaited(api, api.post("/leadscoring/train", body))
    print(f"trained in {time.monotonic() - began:.0f} s, loading and waiting included")
    api.post(f"/leadscoring/models/{model['model_id']}/activate")
    everybody = list(leads(api))
    ids = [lead["id"] for lead in everybody[:100]]
    reconciled = all(reconciles(score) for score in api.post("/leadscoring/score", {"lead_ids": ids}))
    return model, reconciled, rows_of(everybody, rows, result["mapping"])


def rows_of(everybody: Sequence[Mapping[str, Any]], rows: Sequence[Row], mapping: Mapping[str, Any]) -> list[int]:
    """The row that each lead has the custom fields of. Of rows that are alike, each is one lead's."""
    fields = {title: field.removeprefix(_CUSTOM) for title, field in mapping.items() if str(field).startswith(_CUSTOM)}
    left = defaultdict[Any, list[int]](list)
    for number_of_row, row in enumerate(rows):
        left[tuple(plain(row[title]) for title in fields)].append(number_of_row)
    return [
        left[tuple(plain(lead["custom_fields"].get(field)) for field in fields.values())].pop() for lead in everybody
    ]


def _features(fields: str | list[str]) -> list[str]:
    """Where a column went to, as features are named."""
    return [field.removeprefix("custom_fields.") for field in ([fields] if isinstance(fields, str) else fields)]


def awaited(api: Api, operation: dict[str, Any]) -> dict[str, Any]:
    while (current_operation := api.get(f"/operations/{operation['id']}"))["status"] not in ("succeeded", "failed"):
        time.sleep(2)
    assert current_operation["status"] == "succeeded", current_operation
    return dict(current_operation["result"])


def reconciles(score: dict[str, Any]) -> bool:
    total = score["intercept"] + sum(reason["contribution"] for reason in score["reasons"])
    return bool(total == score["logit"] and math.isclose(1 / (1 + math.exp(-total)), score["score"], rel_tol=1e-12))


def scikit_learn(
    rows: Sequence[Row], won: Any, left_out: Sequence[str], held_out: Sequence[Any]
) -> tuple[float, float]:
    """AUC and Brier score over the folds, on the columns that say something."""
    names = [name for name in rows[0] if name not in left_out]
    columns = columns_of({name: [plain(row[name]) for row in rows] for name in names})
    numeric = [column.name for column in columns if isinstance(column, Numbers)]
    other = [column.name for column in columns if not isinstance(column, Numbers)]
    table = np.array(
        [[*(_number(row[name]) for name in numeric), *(row[name] for name in other)] for row in rows], object
    )
    print(f"{len(rows):,} leads, {won.sum():,} won, {len(columns)} of {len(names)} columns say something")
    model = _pipeline(len(numeric), len(columns))
    own = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(table, won)
    _judged("its own folds", model, table, won, list(own))
    everybody = np.arange(len(rows))
    return _judged("the same folds", model, table, won, [(np.setdiff1d(everybody, fold), fold) for fold in held_out])


def _judged(name: str, model: Any, table: Any, won: Any, folds: Sequence[Fold]) -> tuple[float, float]:
    areas, errors = list[float](), list[float]()
    for train, test in folds:
        model.fit(table[train], won[train])
        chances = model.predict_proba(table[test])[:, 1]
        areas.append(float(roc_auc_score(won[test], chances)))
        errors.append(float(brier_score_loss(won[test], chances)))
    area, error = fmean(areas), fmean(errors)
    print(f"scikit-learn AUC {area:.4f} ± {pstdev(areas):.4f}, Brier {error:.4f} ± {pstdev(errors):.4f} ({name})")
    return area, error


def _pipeline(numeric: int, columns: int) -> Any:
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    one_hot = OneHotEncoder(min_frequency=FREQUENT, handle_unknown="infrequent_if_exist")
    split = make_column_transformer((scaled, list(range(numeric))), (one_hot, list(range(numeric, columns))))
    return make_pipeline(split, LogisticRegression(C=1, max_iter=5000))


def _number(text: str) -> float:
    value = number(text)
    return float("nan") if value is None else value


if __name__ == "__main__":
    main()

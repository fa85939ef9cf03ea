"""A model of what becomes of leads, trained through `groundswell dev` on a CSV file, beside scikit-learn on the same.

`uv run python -m tests.lead_model leads.csv --target Converted [--equals 1] [--exclude COLUMN ...]`: imports the file,
trains on all columns but the excluded ones, scores some leads and adds their reasons up. Leave out what was known only
afterwards: columns that staff fill in once they know more predict by leaking. Without `--exclude`, those of the public
X Education leads are left out where a file has them. Ends with 1 where scikit-learn is better by more than 0.001, or
where reasons do not reconcile.
"""

import argparse
import csv
import math
import sys
import tempfile
import time
from collections.abc import Sequence
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
from groundswell.scoring.values import number, same_key
from tests.campaign_run import Api, stage

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
type Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("path", type=Path)
    parser.add_argument("--target", required=True, help="the column that says what became of the lead")
    parser.add_argument("--equals", default="1", help="its value for those that were won (1)")
    parser.add_argument("--exclude", nargs="*", default=AFTERWARDS, help="columns to leave out")
    args = parser.parse_args()
    theirs = scikit_learn(args.path, args.target, args.equals, args.exclude)
    with tempfile.TemporaryDirectory() as made, stage(Path(made) / "data") as demo:
        ours, reconciled = trained(Api(demo), args.path, args.target, args.equals, args.exclude)
    print(f"groundswell  AUC {ours['auc']:.4f}, Brier {ours['brier']:.4f}, {ours['rows']:,} leads")
    good = ours["auc"] >= theirs[0] - _TOLERATED and ours["brier"] <= theirs[1] + _TOLERATED and reconciled
    print("ok" if good else "FAIL", "within 0.001 of scikit-learn or better, and reasons reconcile")
    sys.exit(0 if good else 1)


def trained(api: Api, path: Path, target: str, equals: str, exclude: Sequence[str]) -> tuple[dict[str, Any], bool]:
    """What the operation answers, and whether the reasons of a hundred leads add up to their scores."""
    result = awaited(api, api.post("/leads/import", files={"file": (path.name, path.read_bytes(), "text/csv")}))
    print({name: result[name] for name in ("rows", "created", "updated", "skipped", "failed")})
    named = {title: _features(fields) for title, fields in result["mapping"].items() if fields}
    began = time.monotonic()
    body = {
        "target": {"field": named[target][0], "equals": equals},
        "exclude": [name for title in exclude for name in named.get(title, ())],
    }
    model = awaited(api, api.post("/leadscoring/train", body))
    print(f"trained in {time.monotonic() - began:.0f} s, loading and waiting included")
    api.post(f"/leadscoring/models/{model['model_id']}/activate")
    ids = [lead["id"] for lead in api.get("/leads?limit=100")]
    return model, all(reconciles(score) for score in api.post("/leadscoring/score", {"lead_ids": ids}))


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


def scikit_learn(path: Path, target: str, equals: str, exclude: Sequence[str]) -> tuple[float, float]:
    """AUC and Brier score over the folds, on the columns that say something."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows: list[Row] = list(csv.DictReader(file))
    won = np.array([same_key(row[target]) == same_key(equals) for row in rows])
    names = [name for name in rows[0] if name not in (*exclude, target)]
    columns = columns_of({name: [plain(row[name]) for row in rows] for name in names})
    numeric = [column.name for column in columns if isinstance(column, Numbers)]
    other = [column.name for column in columns if not isinstance(column, Numbers)]
    table = np.array(
        [[*(_number(row[name]) for name in numeric), *(row[name] for name in other)] for row in rows], object
    )
    areas, errors = list[float](), list[float]()
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(table, won):
        model = _pipeline(len(numeric), len(columns))
        model.fit(table[train], won[train])
        chances = model.predict_proba(table[test])[:, 1]
        areas.append(float(roc_auc_score(won[test], chances)))
        errors.append(float(brier_score_loss(won[test], chances)))
    print(f"{len(rows):,} leads, {won.sum():,} won, {len(columns)} of {len(names)} columns say something")
    print(
        f"scikit-learn AUC {fmean(areas):.4f} ± {pstdev(areas):.4f}, Brier {fmean(errors):.4f} ± {pstdev(errors):.4f}"
    )
    return fmean(areas), fmean(errors)


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

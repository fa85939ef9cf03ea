"""From an ad account's numbers to somebody's work list, with the rows of a CSV file, beside what pandas says.

    uv run --with pandas python -m tests.benchmarks.ads PATH [--threshold 1.6]

PATH has the columns of Kaggle (`fb_campaign_id, Impressions, Clicks, Spent` …). Starts Meta's API (`tests.meta_peer`)
and a local stage of its own, on free ports and in a temporary folder. Connects, waits for a scheduled sync, has an
alert on `cpc` per campaign evaluated when it is due, ends instances and tasks, and does everything once more. Exits
with 1 where anything differs.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.benchmarks.orders import stage, timed
from tests.meta_peer import MetaPeer
from tests.receiver import receiver

_MAILBOX = "ada@lovelace.example"
_PATIENCE = 240
_WINDOW_DAYS = 30


class Expected(NamedTuple):
    totals: dict[str, Any]
    dear: set[str]
    """Campaigns whose clicks cost more than the threshold."""


def with_pandas(path: Path, threshold: float) -> Expected:
    import pandas as pd

    rows = pd.read_csv(path)
    sums = rows.groupby("fb_campaign_id")[["Spent", "Clicks"]].sum().query("Clicks > 0")
    dear = sums[sums.Spent / sums.Clicks > threshold].index
    spend = Decimal(str(rows.Spent.sum())).quantize(Decimal("0.01"))
    totals = {"impressions": int(rows.Impressions.sum()), "clicks": int(rows.Clicks.sum()), "spend": str(spend)}
    return Expected(totals, set(map(str, dear)))


class Api:
    def __init__(self, base: str, email: str, password: str) -> None:
        self._http = httpx.Client(base_url=base, timeout=60)
        self._login = {"email": email, "password": password}
        self._sign_in()

    def get(self, path: str, **query: Any) -> Any:
        return self._ask("GET", path, params=query)

    def post(self, path: str, **body: Any) -> Any:
        return self._ask("POST", path, json=body)["data"]

    def put(self, path: str, **body: Any) -> Any:
        return self._ask("PUT", path, json=body)["data"]

    def every(self, path: str, **query: Any) -> Iterator[Any]:
        cursor = None
        while True:
            page = self.get(path, limit=100, **query, **({"cursor": cursor} if cursor else {}))
            yield from page["data"]
            if not (cursor := page["meta"]["next_cursor"]):
                return

    def advance(self, seconds: int) -> None:
        """Access tokens do not outlive it."""
        self._ask("POST", "/_local/clock/advance", json={"seconds": seconds}, timeout=_PATIENCE)
        self._sign_in()

    def _sign_in(self) -> None:
        self._http.headers["authorization"] = f"Bearer {self.post('/auth/login', **self._login)['access_token']}"

    def _ask(self, method: str, path: str, **how: Any) -> Any:
        prefix = "" if path.startswith("/_local") else "/api/v1"
        answer = self._http.request(method, prefix + path, **how)
        if answer.is_error:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()


class Chain:
    """Each step says what it found; `wrong` is what was not as it should be."""

    def __init__(self, api: Api, expected: Expected) -> None:
        self._api = api
        self._expected = expected
        self.wrong: list[str] = []

    def check(self, what: str, actual: Any, wanted: Any) -> None:
        same = actual == wanted
        self.wrong += [] if same else [what]
        print(f"{what}: {_short(actual)}" + ("" if same else f"  BUT SHOULD BE {_short(wanted)}"), flush=True)

    def connect(self) -> None:
        self._api.post("/integrations/facebook", credentials={"access_token": "EAAB-good"}, settings={"every": "1h"})
        with timed("the first sync"):
            self._until(lambda: self._syncs()[0]["status"] == "succeeded")

    def sync(self) -> None:
        before = len(self._syncs())
        with timed("a scheduled sync"):
            self._api.advance(3600)
            self._until(lambda: len(self._syncs()) > before and self._syncs()[0]["status"] == "succeeded")
        newest = self._syncs()[0]
        self.check("what began it", newest["trigger"], "schedule")
        self.check("rows that it wrote anew", newest["streams"][0]["written"], 0)

    def facts(self) -> None:
        page = self._api.get("/integrations/meta_ads/data", limit=1)
        totals = page["meta"]["totals"]
        self.check("totals", {name: totals[name] for name in self._expected.totals}, self._expected.totals)

    def alert(self, threshold: float) -> str:
        alert = self._api.post(
            "/alerts",
            name="Clicks are dear",
            alert_type="cpc",
            data_source="facebook",
            condition_config={
                "operator": "gt",
                "threshold": threshold,
                "window": f"{_WINDOW_DAYS}d",
                "dimension": "campaign_id",
            },
            action_config={"create_task": {"priority": "High"}, "emails": [_MAILBOX]},
            frequency={"every": "15m"},
        )
        with timed("an evaluation when it is due"):
            self._api.advance(960)
            self._until(lambda: self._api.get(f"/alerts/{alert['id']}")["data"]["evaluation"] is not None)
            self._until(lambda: len(self._tasks()) >= len(self._expected.dear))
        return str(alert["id"])

    def fired(self, alert_id: str) -> None:
        dear = self._expected.dear
        instances = self._instances(alert_id)
        self.check("campaigns that fire", {instance["dimensions"]["campaign_id"] for instance in instances}, dear)
        self.check("instances", len(instances), len(dear))
        tasks = self._tasks()
        self.check("a task each", Counter(tasks.values()), Counter(instance["id"] for instance in instances))
        self.check("the task's id", {instance["task_id"] for instance in instances}, set(tasks))
        self.check("mails that name each", self._named(), Counter(dear))

    def end(self, alert_id: str) -> None:
        one, other, *_ = self._instances(alert_id)
        self._api.put(f"/alerts/instances/{one['id']}/resolve", comment="The bid was a typing error")
        self._api.post(f"/tasks/{other['task_id']}/complete")
        self._until(lambda: self._task(one) == "completed" and self._instance(other) == "resolved", fails=False)
        self.check("the task of a resolved instance", self._task(one), "completed")
        self.check("the instance of a completed task", self._instance(other), "resolved")

    def again(self, alert_id: str) -> None:
        before = self._picture(alert_id)
        self._api.post("/integrations/facebook/sync", full_refresh=True)
        self._until(lambda: self._syncs()[0]["status"] == "succeeded")
        self._api.advance(960)
        for _ in range(2):
            self._api.post(f"/alerts/{alert_id}/trigger")
        time.sleep(3)
        for name, actual in self._picture(alert_id).items():
            self.check(f"once more: {name}", actual, before[name])

    def _picture(self, alert_id: str) -> dict[str, Any]:
        totals = self._api.get("/integrations/meta_ads/data", limit=1)["meta"]["totals"]
        instances = {instance["id"]: instance["status"] for instance in self._instances(alert_id)}
        return {"facts": totals, "instances": instances, "tasks": self._tasks(), "mails": self._named()}

    def _syncs(self) -> list[Any]:
        return list(self._api.get("/integrations/meta_ads/syncs")["data"])

    def _instances(self, alert_id: str) -> list[Any]:
        return list(self._api.every("/alerts/instances", alert_id=alert_id))

    def _instance(self, instance: dict[str, Any]) -> str:
        return str(self._api.get(f"/alerts/instances/{instance['id']}")["data"]["status"])

    def _tasks(self) -> dict[str, str]:
        """What each open or ended task is about."""
        return {task["id"]: task["related_object_id"] for task in self._api.every("/tasks")}

    def _task(self, instance: dict[str, Any]) -> str:
        return str(self._api.get(f"/tasks/{instance['task_id']}")["data"]["status"])

    def _named(self) -> Counter[str]:
        mails = self._api.get("/_local/mail", to=_MAILBOX)["messages"]
        words = [word.strip("():,") for mail in mails for word in mail["text"].split()]
        campaigns = [after for before, after in pairwise(words) if before == "campaign_id"]
        return Counter(campaigns)

    def _until(self, holds: Callable[[], bool], *, fails: bool = True) -> None:
        ends = time.monotonic() + (_PATIENCE if fails else 30)
        while not holds():
            if time.monotonic() > ends:
                if fails:
                    raise SystemExit("it does not happen")
                return
            time.sleep(0.5)


def _short(value: Any) -> str:
    return f"{len(value)} of them" if isinstance(value, set | dict) and len(value) > 8 else str(value)


def follow(demo: dict[str, str], expected: Expected, threshold: float) -> list[str]:
    """The whole chain against a running stage. What was wrong."""
    chain = Chain(Api(demo["base_url"], demo["email"], demo["password"]), expected)
    chain.connect()
    chain.sync()
    chain.facts()
    alert_id = chain.alert(threshold)
    chain.fired(alert_id)
    chain.end(alert_id)
    chain.again(alert_id)
    return chain.wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--threshold", type=float, default=1.6)
    wanted = parser.parse_args()
    expected = with_pandas(wanted.path, wanted.threshold)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    with (
        receiver(MetaPeer.of_file(wanted.path, yesterday)) as meta,
        stage(GROUNDSWELL_META_ADS_URL=meta.url) as demo,
    ):
        sys.exit(bool(follow(demo, expected, wanted.threshold)))


if __name__ == "__main__":
    main()

"""The history of a shop, sent as `Order Completed` events at their own times, and asked for what pandas computes.

    uv run --with pandas python -m tests.benchmarks.orders PATH

PATH is a text file of one order a line: customer, date as YYYYMMDD, number of items, dollars (the CDNOW data set has
this form). Starts a local stage of its own, on a free port and in a temporary folder. Compares revenue per month,
buyers per month and the share of each month's new customers who order again in the month after; exits with 1 where
anything differs.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any, NamedTuple

import httpx

BATCH = 500


class Order(NamedTuple):
    customer: str
    date: str
    dollars: str


class Months(NamedTuple):
    """By month, as YYYY-MM."""

    revenue: dict[str, Decimal]
    buyers: dict[str, int]
    retention: dict[str, tuple[int, int]]
    """New customers, and how many of them came back in the month after."""


def orders_of(path: Path) -> list[Order]:
    lines = [line.split() for line in path.read_text().splitlines()]
    rows = [words for words in lines if len(words) == 4 and words[1].isdigit()]
    return [Order(customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", dollars) for customer, day, _, dollars in rows]


def with_pandas(orders: list[Order]) -> Months:
    import pandas as pd

    frame = pd.DataFrame(orders)
    frame["month"] = frame.date.str[:7]
    frame["dollars"] = frame.dollars.map(Decimal)
    revenue = frame.groupby("month").dollars.sum()
    buyers = frame.groupby("month").customer.nunique()
    frame["number"] = pd.to_datetime(frame.date).dt.to_period("M").astype("int64")
    frame["first"] = frame.groupby("customer").number.transform("min")
    new = frame[frame.number == frame["first"]].groupby("month").customer.nunique()
    back = frame[frame.number == frame["first"] + 1].groupby("first").customer.nunique()
    numbers = frame.groupby("month").number.first()
    kept = {month: (int(size), int(back.get(numbers[month], 0))) for month, size in new.items()}
    return Months(dict(revenue), {month: int(count) for month, count in buyers.items()}, kept)


class Api:
    def __init__(self, base: str, key: str, email: str, password: str) -> None:
        self._http = httpx.Client(base_url=base, timeout=60)
        self._key = {"authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}
        signed_in = self._http.post("/auth/login", json={"email": email, "password": password})
        signed_in.raise_for_status()
        self._token = {"authorization": f"Bearer {signed_in.json()['access_token']}"}

    def send(self, events: list[dict[str, Any]]) -> None:
        body = gzip.compress(json.dumps({"batch": events}).encode(), 1)
        headers = self._key | {"content-type": "application/json", "content-encoding": "gzip"}
        self._http.post("/v1/batch", content=body, headers=headers).raise_for_status()

    def ask(self, question: str, **query: Any) -> Any:
        answer = self._http.get(f"/analytics/{question}", params=query, headers=self._token)
        answer.raise_for_status()
        return json.loads(answer.content, parse_float=Decimal)["data"]


def with_us(api: Api, first: str, last: str) -> Months:
    year, month = map(int, last.split("-")[:2])
    end = f"{year + month // 12}-{month % 12 + 1:02d}-01T00:00:00Z"
    span = {"from": f"{first[:7]}-01T00:00:00Z", "to": end}
    monthly = span | {"granularity": "month", "name": "Order Completed"}
    with timed("revenue per month"):
        revenue = api.ask("metrics", measure="sum", **monthly)["series"]
    with timed("buyers per month"):
        buyers = api.ask("metrics", measure="unique", **monthly)["series"]
    with timed("retention by month"):
        cohorts = api.ask("retention", name="Order Completed", period="month", periods=1, **span)["cohorts"]
    return Months(
        {point["ts"][:7]: Decimal(point["value"]) for point in revenue},
        {point["ts"][:7]: point["value"] for point in buyers},
        {cohort["ts"][:7]: (cohort["size"], cohort["returned"][0]["persons"]) for cohort in cohorts if cohort["size"]},
    )


def load(api: Api, orders: list[Order]) -> None:
    with timed(f"sending {len(orders)} orders in batches of {BATCH}"):
        for batch in batched(enumerate(orders), BATCH, strict=False):
            api.send([_event(number, order) for number, order in batch])
    span = {"from": "1990-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z", "granularity": "month"}
    with timed("until all of them are counted"):
        while api.ask("metrics", name="Order Completed", **span)["total"] < len(orders):
            time.sleep(1)


def _event(number: int, order: Order) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Order Completed",
        "messageId": f"order-{number}",
        "userId": order.customer,
        "timestamp": f"{order.date}T00:00:00Z",
        "properties": {"revenue": order.dollars, "currency": "USD"},
    }


@contextmanager
def stage(**settings: str) -> Iterator[dict[str, str]]:
    """A local stage while it is needed: what it says about its demo tenant. `settings` are of its environment."""
    with tempfile.TemporaryDirectory(prefix="groundswell-orders-") as folder:
        command = [sys.executable, "-m", "infra.local.cli", "dev", "--port", "0", "--rate-limits", "off"]
        own = {**os.environ, **settings}
        with subprocess.Popen([*command, "--data-dir", folder], env=own, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            try:
                line = next(line for line in process.stdout if line.startswith("groundswell.demo "))
                yield json.loads(line.removeprefix("groundswell.demo "))
            finally:
                process.terminate()


@contextmanager
def timed(what: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - started:.2f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    orders = orders_of(parser.parse_args().path)
    expected = with_pandas(orders)
    with stage() as demo:
        api = Api(demo["base_url"], demo["api_key"], demo["email"], demo["password"])
        load(api, orders)
        actual = with_us(api, min(order.date for order in orders), max(order.date for order in orders))
    for month in expected.revenue:
        size, back = expected.retention.get(month, (0, 0))
        print(f"{month}  {expected.revenue[month]:>12}  {expected.buyers[month]:>6}  {back:>5} of {size}")
    for name in Months._fields:
        same = getattr(actual, name) == getattr(expected, name)
        print(f"{name}: {'as pandas computes it' if same else 'DIFFERS'}")
    sys.exit(actual != expected)


if __name__ == "__main__":
    main()

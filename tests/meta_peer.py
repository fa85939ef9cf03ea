"""Meta's Marketing API on loopback, with the rows of a CSV file as daily insights:

`python -m tests.meta_peer FILE [--port N] [--last YYYY-MM-DD]`

The file has the columns of Kaggle (`ad_id, fb_campaign_id, Impressions, Clicks, Spent, Approved_Conversion` …).
It says no days: a campaign has its rows on the days up to `--last` (yesterday unless it is named), one on each,
so that no two are of one campaign and day. Any token but `expired` works; `GET /totals` says what there is.
"""

import argparse
import csv
import json
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.receiver import Received, Reply, receiver

ACCOUNT = "120330000000"
_PAGE = 500


class MetaPeer:
    def __init__(self, rows: list[dict[str, str]], last: date) -> None:
        times = Counter[str]()
        self.rows: list[tuple[date, dict[str, str]]] = []
        for row in rows:
            campaign = row["fb_campaign_id"]
            self.rows.append((last - timedelta(days=times[campaign]), row))
            times[campaign] += 1
        self.served = 0

    @classmethod
    def of_file(cls, path: Path, last: date) -> "MetaPeer":
        with path.open(newline="") as file:
            return cls(list(csv.DictReader(file)), last)

    def __call__(self, received: Received) -> Reply:
        parts = urlsplit(received.path)
        status, content = self._answer(parts.path, dict(parse_qsl(parts.query)), received.headers)
        return Reply(status, {"content-type": "application/json"}, json.dumps(content).encode())

    def _answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> tuple[int, Any]:
        if path == "/totals":
            return 200, self.totals()
        token = query.get("access_token") or headers.get("authorization", "").removeprefix("Bearer ")
        if token in ("", "expired"):
            words = "Error validating access token: Session has expired"
            return 400, {"error": {"message": words, "type": "OAuthException", "code": 190, "error_subcode": 463}}
        if path.endswith("/me/adaccounts"):
            account = {"account_id": ACCOUNT, "id": f"act_{ACCOUNT}", "name": "Kaggle", "currency": "USD"}
            return 200, {"data": [{**account, "timezone_name": "UTC"}]}
        if path.endswith(f"/act_{ACCOUNT}/insights"):
            return 200, self._insights(path, query)
        return 400, {
            "error": {"message": f"Unsupported get request: {path}", "type": "GraphMethodException", "code": 100}
        }

    def _insights(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        self.served += 1
        window = json.loads(query["time_range"])
        inside = [_insight(day, row) for day, row in self.rows if window["since"] <= str(day) <= window["until"]]
        start, size = int(query.get("after", 0)), min(int(query.get("limit", 25)), _PAGE)
        more = {}
        if start + size < len(inside):
            kept = "&".join(f"{name}={value}" for name, value in query.items() if name != "after")
            more = {"next": f"https://graph.facebook.com{path}?{kept}&after={start + size}"}
        return {"data": inside[start : start + size], "paging": {"cursors": {}, **more}}

    def totals(self) -> dict[str, Any]:
        of = lambda name: sum(Decimal(row[name]) for _, row in self.rows)  # noqa: E731
        return {
            "rows": len(self.rows),
            "impressions": int(of("Impressions")),
            "clicks": int(of("Clicks")),
            "spend": str(round(of("Spent"), 2)),
            "first": str(min(day for day, _ in self.rows)),
            "last": str(max(day for day, _ in self.rows)),
        }


def _insight(day: date, row: dict[str, str]) -> dict[str, Any]:
    return {
        "campaign_id": row["fb_campaign_id"],
        "campaign_name": f"Campaign {row['fb_campaign_id']}",
        "account_currency": "USD",
        "date_start": str(day),
        "date_stop": str(day),
        "spend": row["Spent"],
        "impressions": row["Impressions"],
        "clicks": row["Clicks"],
        "actions": [{"action_type": "omni_purchase", "value": row["Approved_Conversion"]}],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--last", type=date.fromisoformat, default=datetime.now(UTC).date() - timedelta(days=1))
    wanted = parser.parse_args()
    peer = MetaPeer.of_file(wanted.file, wanted.last)
    with receiver(peer, wanted.port) as running:
        print(f"GROUNDSWELL_META_ADS_URL={running.url}", json.dumps(peer.totals()), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()

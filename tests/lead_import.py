"""An import of many rows through `groundswell dev`, whose worker is killed twice in the middle (`kill -9`).

`uv run python -m tests.lead_import 100000 [--minutes 30]`: every 50th row is somebody again, every 97th has no address
(`tests.benchmarks.imports.generated`). Compares the operation's counts with what has to come of the file, and looks
through all leads for somebody who is there twice. Ends with 1 where anything differs.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.imports import generated
from tests.campaign_run import Api, kill_workers, stage

_KILLS = (25, 60)
"""Percent of the file at which the worker dies."""
_SIMPLE_UPLOAD = 5_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    parser.add_argument("--minutes", type=int, default=30, help="when to give up")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, stage(Path(made) / "data") as demo:
        good = run(Api(demo), Path(made) / "data", args.rows, 60 * args.minutes)
    sys.exit(0 if good else 1)


def run(api: Api, folder: Path, rows: int, seconds: float) -> bool:
    data, expected = generated(rows)
    began, killed = time.monotonic(), 0
    path, dying = f"/operations/{started(api, data)}", list(_KILLS)
    while (operation := api.get(path))["status"] not in ("succeeded", "failed"):
        passed = time.monotonic() - began
        assert passed < seconds, f"it does not come to an end: {operation}"
        if dying and operation["progress"] >= dying[0]:
            killed, dying = killed + (kill_workers(folder, "audience_jobs") > 0), dying[1:]
            print(f"{passed:5.0f} s: killed at {operation['progress']} %", flush=True)
        time.sleep(2)
    print(f"{operation['status']} after {time.monotonic() - began:.0f} s")
    return judged(api, operation["result"] or {}, expected, killed)


def started(api: Api, data: bytes) -> str:
    """A large file goes to where the answer says, as a browser would bring it there."""
    if len(data) <= _SIMPLE_UPLOAD:
        return str(api.post("/leads/import", files={"file": ("leads.csv", data, "text/csv")})["id"])
    made = api.post("/leads/import", {"upload": True})
    place = made["upload"]
    sent = httpx.post(place["url"], data=place["fields"], files={"file": ("leads.csv", data, "text/csv")}, timeout=120)
    assert sent.is_success, sent.text
    return str(api.post(f"/leads/import/{made['id']}/start")["id"])


def judged(api: Api, result: dict[str, Any], expected: dict[str, int], killed: int) -> bool:
    counted = {name: result.get(name) for name in expected}
    print("operation", counted)
    print("expected ", expected, flush=True)
    emails = Counter(lead["email"] for lead in leads(api))
    total = api.whole("/leads?limit=1")["meta"]["total"]
    findings = {
        f"its worker was killed {len(_KILLS)} times": killed == len(_KILLS),
        "the counts are exact": counted == expected,
        "nobody is there twice": max(emails.values(), default=0) == 1,
        "everybody is there": len(emails) == expected["created"],
        "the total says so": total == expected["created"],
    }
    for name, holds in findings.items():
        print("ok  " if holds else "FAIL", name)
    return all(findings.values())


def leads(api: Api) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = api.whole(f"/leads?limit=100{cursor}")
        yield from page["data"]
        if not (following := page["meta"].get("next_cursor")):
            return
        cursor = f"&cursor={following}"


if __name__ == "__main__":
    main()

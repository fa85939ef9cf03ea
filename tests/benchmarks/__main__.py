"""`uv run poe bench`: everything beside its peers, in one run. Never fails because of a figure.

`--quick` takes about a minute; `--only` with sizes, cold, warm, client, ingest, questions, engine, units, growth,
tasks, timers, webhooks, slots, imports, alerts, ads, scores, campaigns, chat, posts or page repeats.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.benchmarks import (
    ad_sync,
    alerts,
    campaigns,
    client_request,
    cold_start,
    conversations,
    engine,
    growth,
    imports,
    ingest_batch,
    lead_scores,
    published_page,
    questions,
    sizes,
    slots,
    social_posts,
    task_lists,
    timers,
    warm_request,
    webhooks,
    write_units,
)
from tests.benchmarks.packages import build_all
from tests.benchmarks.report import Figure, Say, summary

type Result = tuple[list[Figure], str]

SECTIONS = (
    "sizes",
    "cold",
    "warm",
    "client",
    "ingest",
    "questions",
    "engine",
    "units",
    "growth",
    "tasks",
    "timers",
    "webhooks",
    "slots",
    "imports",
    "alerts",
    "ads",
    "scores",
    "campaigns",
    "chat",
    "posts",
    "page",
)


def main() -> None:
    chosen = _arguments()
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:4.0f} s] {text}", file=sys.stderr, flush=True)

    print(_machine(), flush=True)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        for measure in _sections(Path(folder), say, chosen.only or SECTIONS, quick=chosen.quick):
            section_figures, text = measure()
            figures += section_figures
            print(text, flush=True)
    print(summary(figures))
    print(f"\n{time.monotonic() - started:.0f} s. Times are of this machine, and of whatever else it was doing.")


def _sections(folder: Path, say: Say, names: Sequence[str], *, quick: bool) -> Iterator[Callable[[], Result]]:
    packages = cache(lambda: build_all(folder, say))
    sections: dict[str, Callable[[], Result]] = {
        "sizes": lambda: sizes.measure(packages(), say),
        "cold": lambda: cold_start.measure(packages(), say, 3 if quick else cold_start.PAIRS),
        "warm": lambda: warm_request.measure(say, turns=10 if quick else 30, repeats=50),
        "client": lambda: client_request.measure(say, turns=10 if quick else 30, repeats=20),
        "ingest": lambda: ingest_batch.measure(say, turns=10 if quick else 30, repeats=5),
        "questions": lambda: questions.measure(say, events=20_000 if quick else 100_000),
        "engine": lambda: engine.measure(say, events=100_000 if quick else 1_000_000),
        "units": lambda: write_units.measure(say, write_units.QUICK if quick else write_units.FULL),
        "growth": lambda: growth.measure(say, (1, 10) if quick else (1, 10, 100, 1_000)),
        "tasks": lambda: task_lists.measure(say, (1_000, 10_000) if quick else (1_000, 100_000)),
        "timers": lambda: timers.measure(say, timers=2_000 if quick else 10_000),
        "imports": lambda: imports.measure(say, rows=5_000 if quick else 100_000),
        "webhooks": lambda: webhooks.measure(say, deliveries=100 if quick else 1_000),
        "slots": lambda: slots.measure(say, repeats=5 if quick else 30),
        "alerts": lambda: alerts.measure(say, alerts=500 if quick else 10_000),
        "scores": lambda: lead_scores.measure(say, leads=10_000 if quick else 100_000),
        "campaigns": lambda: campaigns.measure(say, recipients=2_000 if quick else 100_000),
        "chat": lambda: conversations.measure(say, sizes=(100, 5_000) if quick else (100, 100_000)),
        "page": lambda: published_page.measure(say),
        "posts": lambda: social_posts.measure(say, posts=100 if quick else 1_000),
        "ads": lambda: ad_sync.measure(say, rows=20_000 if quick else 100_000),
    }
    for name in names:
        say(f"-- {name}")
        yield sections[name]


def _machine() -> str:
    load = " ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"groundswell benchmarks, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {load}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="poe bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: a minute instead of several")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="one section; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    main()

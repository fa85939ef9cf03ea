"""Cold starts: fresh processes from the packaged layers, each beside a fresh FastAPI+Mangum hello world."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra import catalogue
from infra.environment import environment
from infra.stage import stage
from tests.benchmarks import samples
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.packages import Packages
from tests.benchmarks.report import INCONCLUSIVE, Figure, Say, at_most, table

PAIRS = 15
_FEWEST = 5
_SECONDS = 120
"""A busy machine makes as many pairs as it can within that time, and no fewer than five."""
_HERE = Path(__file__).parent
_NOISE = (0.95, 1.05)


@dataclass(frozen=True)
class Case:
    """One handler and its first event. `limit` and `stretch` are ratios to hello of the whole cold start's CPU time."""

    name: str
    module: str
    path: tuple[Path, ...]
    event: dict[str, Any]
    environ: dict[str, str] = field(default_factory=dict)
    status: int = 200
    limit: float | None = None
    stretch: float | None = None


@dataclass(frozen=True)
class Run:
    """CPU seconds until the handler was imported and until it had answered, and peak memory in bytes."""

    imported: float
    cpu: float
    peak: int


@dataclass
class Pairs:
    """Each run of a case, and the run of hello right before it."""

    runs: list[Run] = field(default_factory=list)
    beside: list[Run] = field(default_factory=list)

    def ratio(self, of: str = "cpu") -> float:
        return statistics.median(self._ratios(of))

    def spread(self, of: str = "cpu") -> tuple[float, float]:
        """The middle half of the ratios."""
        low, _, high = statistics.quantiles(self._ratios(of), n=4) if len(self.runs) > 1 else [self.ratio(of)] * 3
        return low, high

    def median(self, of: str) -> float:
        return statistics.median(getattr(run, of) for run in self.runs)

    def _ratios(self, of: str) -> list[float]:
        return [getattr(a, of) / getattr(b, of) for a, b in zip(self.runs, self.beside, strict=True)]


class Launcher:
    """The small process that starts the measured ones."""

    def __init__(self, folder: Path, aws: CannedAws) -> None:
        self._folder = folder
        self._aws = aws
        self._python = os.path.realpath(sys.executable)
        self._process = subprocess.Popen(
            [self._python, "-S", "-E", str(_HERE / "launcher.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(self, case: Case) -> Run:
        """Raises RuntimeError when the handler fails."""
        file = self._folder / "event.json"
        file.write_text(json.dumps(case.event))
        # -S: Lambda's Python has no site-packages of ours. The layers come by PYTHONPATH, as they do there.
        argv = [self._python, "-S", "-P", str(_HERE / "cold_child.py"), case.module, str(file), str(case.status)]
        command = {"argv": argv, "env": self._environment(case)}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
        result = json.loads(self._process.stdout.readline())
        if result["status"] != 0:
            raise RuntimeError(f"{case.name}: {result['output']}")
        return Run(result["imported"], result["cpu"], result["peak"])

    def _environment(self, case: Case) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "PYTHONPATH": os.pathsep.join(map(str, case.path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_FUNCTION_NAME": "bench",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
            "LAMBDA_TASK_ROOT": "/var/task",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            **self._aws.environment,
            **case.environ,
        }


def peers(packages: Packages) -> tuple[Case, ...]:
    hello = samples.http_event("GET", "/hello")
    trace = "Root=1-67400000-000000000000000000000001;Parent=0000000000000001;Sampled=0"
    return (
        Case("FastAPI+Mangum hello (A/A)", "hello", packages.peer("hello"), hello),
        Case("bare handler", "bare", packages.peer("hello"), hello),
        Case("powertools resolver", "resolver", packages.peer("powertools"), hello),
        Case("powertools resolver, validating", "resolver_validated", packages.peer("powertools"), hello),
        Case("chalice", "chalice_hello", packages.peer("chalice"), samples.rest_event("/hello")),
        Case(
            "naive FastAPI, boto3 resource, Tracer",
            "naive",
            packages.peer("naive"),
            samples.http_event("GET", "/items/1"),
            {"TABLE_CORE": "core", "_X_AMZN_TRACE_ID": trace},
        ),
    )


def ours(packages: Packages) -> tuple[Case, ...]:
    """Our functions; those that do not exist yet are left out."""
    bearer = f"Bearer {samples.access_token()}"
    minute = samples.NOW.replace(second=0).isoformat().replace("+00:00", "Z")
    first = samples.CLIENT_IDS[0]
    batch = samples.batch_event(samples.Visitors().messages(100), zipped=True)
    cases = (
        _case(packages, "system", samples.http_event("GET", "/api/v1/health"), limit=1.20),
        _case(
            packages,
            "clients",
            samples.http_event("GET", "/api/v1/clients", "limit=20", authorization=bearer),
            limit=1.55,
            stretch=1.45,
        ),
        _case(
            packages,
            "auth",
            samples.http_event("GET", "/api/v1/users/me", authorization=bearer),
            limit=1.55,
            stretch=1.45,
        ),
        _case(
            packages,
            "analytics",
            samples.http_event(
                "GET",
                "/api/v1/analytics/metrics",
                f"metric=events&client_id={first}&from={minute}&to={minute}&granularity=hour",
                authorization=bearer,
            ),
            limit=1.55,
            stretch=1.45,
            status=400,  # an empty interval: everything but the series itself is done
        ),
        _case(packages, "ingest", batch, limit=0.75, stretch=0.45),
    )
    return tuple(case for case in cases if case)


def _case(packages: Packages, name: str, event: dict[str, Any], *, bytecode: bool = True, **more: Any) -> Case | None:
    if name not in packages.functions:
        return None
    path = packages.function(name, bytecode=bytecode)
    return Case(name, f"functions.{name}.handler", path, event, function_environment(name), **more)


def function_environment(name: str) -> dict[str, str]:
    """As `dev` would set it, with the bench's own resources."""
    return environment(
        catalogue.function(name),
        stage("dev"),
        tables={table_name: table_name for table_name in ("core", "events", "ephemeral")},
        queues={queue.name: f"http://127.0.0.1/{queue.name}" for queue in catalogue.QUEUES},
        secrets={secret.name: secret.name for secret in catalogue.SECRETS},
        keys={key.name: key.name for key in catalogue.KEYS},
        buckets={bucket.name: bucket.name for bucket in catalogue.BUCKETS},
    )


def without_bytecode(case: Case, packages: Packages) -> Case:
    path = packages.function(case.name, bytecode=False)
    return Case(f"{case.name}, no bytecode", case.module, path, case.event, case.environ, case.status)


def measure(packages: Packages, say: Say, pairs: int) -> tuple[list[Figure], str]:
    """The figures and the table."""
    mine = ours(packages)
    plain = tuple(without_bytecode(case, packages) for case in mine if case.name == "clients")
    cases = (*peers(packages), *mine)
    hello = cases[0]
    results = {case.name: Pairs() for case in (*cases, *plain)}
    with CannedAws() as aws, Launcher(packages.root, aws) as launcher:
        for case in (*cases, *plain):
            launcher.run(case)  # into the page cache
        started = time.monotonic()
        for turn in range(pairs):
            if turn >= _FEWEST and time.monotonic() - started > _SECONDS:
                break
            say(f"pair {turn + 1} of {pairs}")
            slow = plain if turn % 3 == 0 else ()  # seconds each, and far from any limit
            for case in (*cases, *slow):
                results[case.name].beside.append(launcher.run(hello))
                results[case.name].runs.append(launcher.run(case))
    return _figures(results, mine, plain), _table(results)


def _figures(results: dict[str, Pairs], mine: Sequence[Case], plain: Sequence[Case]) -> list[Figure]:
    noise = results["FastAPI+Mangum hello (A/A)"].ratio()
    trusted = _NOISE[0] <= noise <= _NOISE[1]
    return [
        Figure("A/A pair: hello to hello", f"{noise:.2f}", "0.95 to 1.05", "met" if trusted else INCONCLUSIVE),
        *(
            at_most(
                f"cold start, {case.name}",
                results[case.name].ratio(),
                case.limit,
                stretch=case.stretch,
                trusted=trusted,
            )
            for case in mine
            if case.limit
        ),
        *(
            at_most(f"peak memory, {case.name}", results[case.name].ratio("peak"), 1.5)
            for case in mine
            if case.name in ("clients", "auth", "analytics")
        ),
        *(_bytecode(results, case) for case in plain),
    ]


def _bytecode(results: dict[str, Pairs], plain: Case) -> Figure:
    ratio = results["clients"].median("cpu") / results[plain.name].median("cpu")
    return Figure("cold start with bytecode to without, clients", f"{ratio:.2f}", "shipped")


def _table(results: dict[str, Pairs]) -> str:
    rows, pairs = [], len(results["FastAPI+Mangum hello (A/A)"].runs)
    for name, result in results.items():
        low, high = result.spread()
        rows.append(
            (
                name,
                f"{result.median('imported') * 1000:.0f}",
                f"{result.median('cpu') * 1000:.0f}",
                f"{result.ratio('imported'):.2f}",
                f"{result.ratio():.2f}",
                f"{low:.2f} to {high:.2f}",
                f"{result.median('peak') / 1e6:.0f}",
                f"{result.ratio('peak'):.2f}",
            )
        )
    columns = ("handler", "import ms", "answer ms", "import", "answer", "middle half", "peak MB", "peak")
    title = (
        f"Cold start: {pairs} fresh processes each from the packaged layers with bytecode, each after one of hello.\n"
        "CPU time (os.wait4) up to the imported handler and up to its first answer; without unit: the ratio to hello."
    )
    return table(title, columns, rows)

"""A task that recurs on weekdays, through two months of the local stage's clock: `poe calendar [first last]`.

The months have a change of clocks in them. Its first occurrence depends on another task, a comment mentions a
colleague, Fridays are left undone until Monday, and the stage is stopped twice on the way, the second time by killing
it. What comes of it must be what a calendar says, each reminder once.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.campaign_run import Api, free_port

ZONE = ZoneInfo("Europe/Berlin")
NINE = 9
FRIDAY = 4
_TWO_MONTHS = (date(2027, 3, 1), date(2027, 4, 30))  # clocks change on 28 March
_WAIT = 120


@contextmanager
def stage(folder: Path) -> Iterator["Stage"]:
    running = Stage(folder)
    running.start()
    try:
        yield running
    finally:
        running.stop(signal.SIGTERM)


class Stage:
    """Without the demo, whose alerts are evaluated every hour."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.account = {"email": "ada@calendar.test", "password": "correct horse battery"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        place = ["--port", str(self._port), "--data-dir", str(self._folder / "data")]
        log = self._folder / f"dev-{time.monotonic_ns()}.log"
        with log.open("w") as out:
            self._process = subprocess.Popen(
                ["groundswell", "dev", "--no-demo", "--rate-limits", "off", *place], stdout=out, stderr=out
            )
        _until(lambda: any(line.endswith("ready") for line in log.read_text().splitlines()), seconds=300)

    def sign_up(self) -> None:
        self._local("POST", "/api/v1/auth/register", {**self.account, "name": "Ada Lovelace"})

    def stop(self, by: signal.Signals) -> None:
        self._process.send_signal(by)
        self._process.wait(_WAIT)

    def api(self) -> Api:
        """Signed in as of now: tokens live a quarter of an hour of a clock that jumps."""
        return self.api_of(self.account)

    def api_of(self, account: dict[str, str]) -> Api:
        signed = self._local("POST", "/api/v1/auth/login", account)
        headers = {"authorization": f"Bearer {signed['access_token']}"}
        clients = httpx.get(f"{self.url}/api/v1/clients", headers=headers, timeout=60).json()["data"]
        return Api({"base_url": self.url, **account, "client_id": clients[0]["id"]})

    def now(self) -> datetime:
        return datetime.fromisoformat(self._local("GET", "/_local/clock")["now"])

    def advance_to(self, moment: datetime) -> None:
        seconds = (moment - self.now()).total_seconds()
        self._local("POST", "/_local/clock/advance", {"seconds": seconds})

    def _local(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = httpx.request(method, self.url + path, json=body, timeout=3600)
        assert answer.is_success, answer.text
        return answer.json()


def main() -> None:
    first, last = map(date.fromisoformat, sys.argv[1:3]) if len(sys.argv) > 1 else _TWO_MONTHS  # both weekdays
    weekdays = [day for n in range((last - first).days + 1) if (day := first + timedelta(days=n)).weekday() < 5]
    stopped = {weekdays[len(weekdays) // 3]: signal.SIGTERM, weekdays[len(weekdays) * 2 // 3]: signal.SIGKILL}
    with tempfile.TemporaryDirectory(prefix="groundswell-calendar-") as folder, stage(Path(folder)) as running:
        running.sign_up()
        running.advance_to(datetime.combine(first - timedelta(days=3), datetime.min.time(), UTC))
        api = running.api()
        me, colleague = api.get("/auth/me")["id"], _colleague(api)
        begun = _begin(api, me, first)
        api.post(f"/tasks/{begun['id']}/comments", {"content": f"@{colleague['id']} please have a look"})
        dues = _live_through(running, begun, weekdays, stopped)
        _check(running, colleague, dues, weekdays)


def _begin(api: Api, me: str, day: date) -> dict[str, Any]:
    """The series, whose first task waits for another one, until that is done."""
    before = api.post("/tasks", {"name": "Order coffee"})
    due = _nine(day).isoformat()
    rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    task = {"name": "Stand-up", "due_date": due, "recurrence": rule, "assignees": [me], "depends_on": [before["id"]]}
    first = api.post("/tasks", task)
    refused = api._patiently("POST", f"/tasks/{first['id']}/complete")
    assert refused.json()["error"]["code"] == "TASK_BLOCKED", refused.text
    api.post(f"/tasks/{before['id']}/complete")
    _until(lambda: api.get(f"/tasks/{first['id']}")["blocked_by"] == [])
    return first


def _live_through(
    running: Stage, first: dict[str, Any], weekdays: list[date], stopped: dict[date, signal.Signals]
) -> list[datetime]:
    """Early each weekday, what is open is done, but on Fridays. When each was due."""
    dues: dict[str, datetime] = {}
    for day in weekdays:
        running.advance_to(datetime(day.year, day.month, day.day, 5, tzinfo=UTC))
        if by := stopped.get(day):
            running.stop(by)
            running.start()
        api = running.api()
        _until(lambda today=day, api=api: any(_due(task).date() == today for task in _open(api, first)))
        for task in _open(api, first):
            dues[task["id"]] = _due(task)
            if day.weekday() != FRIDAY and _due(task).date() <= day:
                api.post(f"/tasks/{task['id']}/complete")
        print(f"{day:%a %d %b}", *(f"{due:%a %d %H:%M %Z}" for due in sorted(dues.values())[-2:]), flush=True)
    return sorted(dues.values())


def _open(api: Api, first: dict[str, Any]) -> list[dict[str, Any]]:
    return [task for task in api.get("/tasks?status=pending&limit=100") if task["series_id"] == first["series_id"]]


def _check(running: Stage, colleague: dict[str, str], dues: list[datetime], weekdays: list[date]) -> None:
    api = running.api()
    until = [due for due in dues if due.date() <= weekdays[-1]]
    assert until == [_nine(day) for day in weekdays], until
    assert {due.utcoffset() for due in until} == {timedelta(hours=1), timedelta(hours=2)}
    counts = Counter(
        (notification["kind"], notification["object_id"]) for notification in _all(api, "/notifications?limit=100")
    )
    once = {
        kind: [count for (name, _), count in counts.items() if name == kind]
        for kind in ("task.due_soon", "task.overdue")
    }
    fridays = [day for day in weekdays[:-1] if day.weekday() == FRIDAY]
    assert once["task.overdue"] == [1] * len(fridays), once
    assert set(once["task.due_soon"]) == {1}, once
    assert len(once["task.due_soon"]) in (len(weekdays), len(weekdays) + 1), once
    theirs = running.api_of({name: colleague[name] for name in ("email", "password")})
    mentions = [
        notification
        for notification in _all(theirs, "/notifications?limit=100")
        if notification["kind"] == "task.mentioned"
    ]
    assert len(mentions) == 1, mentions
    print(f"right: {len(until)} occurrences, {len(once['task.due_soon'])} + {len(once['task.overdue'])} reminders")


def _colleague(api: Api) -> dict[str, str]:
    account = {
        "email": "grace@calendar.test",
        "password": "correct horse battery",
        "name": "Grace Hopper",
        "role": "member",
    }
    made = api.post("/auth/register", account)
    client = api._http.headers["x-client-id"]
    api.post(f"/clients/{client}/members", {"user_id": made["id"], "role": "member"})
    api._answer(api._patiently("PATCH", f"/clients/{client}", json={"timezone": ZONE.key}))
    return {"id": made["id"], **account}


def _all(api: Api, path: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor is not None:
        page = api.whole(f"{path}{cursor and f'&cursor={cursor}'}")
        yield from page["data"]
        cursor = page["meta"]["next_cursor"]


def _until(holds: Callable[[], bool], seconds: int = _WAIT) -> None:
    for _ in range(seconds):
        if holds():
            return
        time.sleep(1)
    raise TimeoutError(f"it did not come within {seconds} s")


def _due(task: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(task["due_at"]).astimezone(ZONE)


def _nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, NINE, tzinfo=ZONE)


if __name__ == "__main__":
    main()

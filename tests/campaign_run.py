"""A campaign to imported leads through `groundswell dev` and a real SMTP server, compared with the server's own log.

`uv run python -m tests.campaign_run 5000 [--kill]`: the server refuses 3 % for good and defers 5 % once. With `--kill`
the senders' processes are killed every few seconds until half of it is sent. Prints what came of it, and ends with 1
where somebody got it twice, is not explained, or the stats are others than the log.
"""

import argparse
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller

from groundswell.campaigns.progress import HAND

_MINUTES_AT_MOST = 40


def share(address: str) -> int:
    return int(hashlib.sha256(address.encode()).hexdigest(), 16) % 100


class Server:
    """Refuses, defers and takes by the address; every answer is logged."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        self._deferred: set[str] = set()

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's name
        if share(address) < 3:
            self.log.append((address, "refused"))
            return "550 5.1.1 no such user"
        if share(address) < 8 and address not in self._deferred:
            self._deferred.add(address)
            self.log.append((address, "deferred"))
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        self.log.append((envelope.rcpt_tos[0], "taken"))
        return "250 OK"

    def those(self, what: str) -> Counter[str]:
        return Counter(address for address, answer in self.log if answer == what)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def stage(folder: Path, **settings: str) -> Iterator[dict[str, str]]:
    """The line for programs that it prints."""
    command = ["groundswell", "dev", "--port", str(free_port()), "--data-dir", str(folder), "--rate-limits", "off"]
    named = {f"GROUNDSWELL_{name}": value for name, value in settings.items()}
    with (
        (folder.parent / "dev.log").open("w+") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **named}) as process,
    ):
        try:
            yield _started(folder.parent / "dev.log", process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(300)  # a gigabyte of state is written for a minute


def _started(log: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    for _ in range(600):
        lines = log.read_text().splitlines()
        if any(line.endswith("ready") for line in lines):
            demo_line = next(line for line in lines if "groundswell.demo " in line)
            return json.loads(demo_line.partition("groundswell.demo ")[2])
        assert process.poll() is None, log.read_text()[-2000:]
        time.sleep(1)
    raise TimeoutError


class Api:
    def __init__(self, demo: dict[str, str]) -> None:
        self._http = httpx.Client(base_url=f"{demo['base_url']}/api/v1", timeout=60)
        self._demo = demo
        self._sign_in()

    def _sign_in(self) -> None:
        demo = self._demo
        signed = self.post("/auth/login", {"email": demo["email"], "password": demo["password"]})
        self._http.headers.update(
            {"Authorization": f"Bearer {signed['access_token']}", "X-Client-ID": demo["client_id"]}
        )

    def get(self, path: str) -> Any:
        return self.whole(path)["data"]

    def whole(self, path: str) -> dict[str, Any]:
        return self._answer(self._patiently("GET", path))

    def post(self, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        return self._answer(self._patiently("POST", path, json=body, **more))["data"]

    def _patiently(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A machine at its limits answers 503, or lets a function overrun its time (500), and a quarter of an hour
        ends a token; whatever is asked here may be asked again."""
        for _ in range(20):
            answer = self._http.request(method, path, **more)
            if answer.status_code == httpx.codes.UNAUTHORIZED and path != "/auth/login":
                self._sign_in()
                continue
            overrun = method == "GET" and answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE and not overrun:
                break
            time.sleep(5)
        return answer

    @staticmethod
    def _answer(answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, answer.text[:2000]
        return answer.json()


def imported(api: Api, recipients: int) -> None:
    rows = "".join(f"lead{n}@people.example,Name{n}\n" for n in range(recipients))
    files = {"file": ("leads.csv", f"email,first_name\n{rows}".encode(), "text/csv")}
    operation = api.post("/leads/import", files=files)
    while (state := api.get(f"/operations/{operation['id']}"))["status"] not in ("succeeded", "failed"):
        time.sleep(2)
    assert (state["status"], state["result"]["created"]) == ("succeeded", recipients), state


def kill_workers(folder: Path, function: str) -> int:
    """Those processes that write the function's log."""
    killed = 0
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            opened = {path.readlink() for path in (process / "fd").glob("*")} if process.name.isdecimal() else set()
            logs = {path for path in opened if path.parent.name == "logs"}  # the stage itself has all of them open
            if logs == {folder / "logs" / f"{function}.log"}:
                os.kill(int(process.name), signal.SIGKILL)
                killed += 1
    return killed


def run(api: Api, server: Server, folder: Path, recipients: int, *, kill: bool) -> bool:
    body = {"html": "<p>Hi {{first_name}} <a href='https://shop.example/'>look</a></p>"}
    made = api.post(
        "/campaigns", {"name": "Run", "subject": "Hi {{first_name}}", "body": body, "audience": {"all": True}}
    )
    path, began, killed, next_kill = f"/campaigns/{made['id']}", time.monotonic(), 0, 10.0
    api.post(f"{path}/send")
    while api.get(path)["status"] != "sent":
        passed = time.monotonic() - began
        stats = api.get(f"{path}/stats")
        print(f"{passed:5.0f} s", {name: n for name, n in stats["states"].items() if n}, flush=True)
        assert stats["recipients"] == sum(stats["states"].values())
        if kill and passed > next_kill and stats["states"]["sent"] < recipients / 2:
            killed, next_kill = killed + kill_workers(folder, "campaign_sender"), passed + 15
        assert passed < 60 * _MINUTES_AT_MOST, "it does not come to an end"
        time.sleep(5)
    print(f"{killed} senders killed; {time.monotonic() - began:.0f} s")
    return compared(api, server, path, recipients, killed)


def compared(api: Api, server: Server, path: str, recipients: int, killed: int) -> bool:
    states = api.get(f"{path}/stats")["states"]
    records: list[dict[str, Any]] = []
    page = api.whole(f"{path}/deliveries?limit=100")
    while True:
        records += page["data"]
        if not (cursor := page["meta"].get("next_cursor")):
            break
        page = api.whole(f"{path}/deliveries?limit=100&cursor={cursor}")
    accepted, refused, deferred = (server.those(outcome) for outcome in ("taken", "refused", "deferred"))
    by_state = {state: {record["to"] for record in records if record["state"] == state} for state in states}
    print("stats  ", {name: number for name, number in states.items() if number})
    print(f"server  taken {len(accepted)}, refused {len(refused)}, deferred once {len(deferred)}")
    findings = {
        "everybody has a record": len({record["to"] for record in records}) == len(records) == recipients,
        "nobody got it twice": max(accepted.values()) == 1,
        "sent are those that the server took": by_state["sent"]
        <= accepted.keys()
        <= by_state["sent"] | by_state["unknown"],
        "failed are those that it refused": by_state["failed"] <= refused.keys(),
        "every other one is explained": all(record["reason"] for record in records if record["state"] != "sent"),
        "the stats are the records": {name: len(by_state[name]) for name in states} == states,
        "a sender that was killed left half a batch in doubt at most": states["unknown"] <= HAND * killed,
        "nobody waits": not states["pending"] + states["claimed"],
    }
    for name, holds in findings.items():
        print("ok  " if holds else "FAIL", name)
    return all(findings.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipients", type=int, nargs="?", default=5000)
    parser.add_argument("--kill", action="store_true")
    arguments = parser.parse_args()
    server, port = Server(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mail = {"MAIL_TRANSPORT": "smtp", "SMTP_URL": f"smtp://127.0.0.1:{port}"}
        with tempfile.TemporaryDirectory() as made, stage(Path(made) / "data", **mail) as demo:
            api = Api(demo)
            imported(api, arguments.recipients)
            good = run(api, server, Path(made) / "data", arguments.recipients, kill=arguments.kill)
    finally:
        controller.stop()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

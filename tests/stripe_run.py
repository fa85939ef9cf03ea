"""Customers of `localstripe`, which is not ours, through `groundswell dev`: connected, paged, and leads in the end.

`uv run python -m tests.stripe_run [CUSTOMERS]`. It runs in an environment of its own (`uv tool run`; its licence is the
GPL) and knows an old version of Stripe: customers, their pages by `starting_after`, and that a request without a key is
refused. Ends with 1 where something differs.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.campaign_run import Api, free_port, stage

_PEER = "localstripe==1.15.10"
_KEY = "sk_test_12345"


@contextmanager
def localstripe() -> Iterator[str]:
    """Its address."""
    port = free_port()
    command = ["uv", "tool", "run", "--from", _PEER, "localstripe", "--from-scratch", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, start_new_session=True, **quiet) as process:
        try:
            yield _listening(f"http://127.0.0.1:{port}", process)
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _listening(url: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert process.poll() is None, "localstripe ended"
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return url
    raise TimeoutError


def made(url: str, customers: int) -> dict[str, str]:
    """E-mails by id."""
    with httpx.Client(base_url=url, auth=(_KEY, "")) as stripe:
        answers = [stripe.post("/v1/customers", data={"email": f"c{n}@people.example"}) for n in range(customers)]
    return {answer.json()["id"]: answer.json()["email"] for answer in answers}


def synced(api: Api, path: str) -> dict[str, str]:
    """What a sync brings, once it is over."""
    api.post(f"{path}/sync", {"streams": ["customers"], "full_refresh": True})
    while (sync := api.get(f"{path}/syncs")[0])["status"] in ("queued", "running"):
        time.sleep(1)
    print(sync["status"], sync["streams"], sync["error"])
    return {item["id"]: item["fields"]["email"] for item in every(api, f"{path}/data?stream=customers")}


def every(api: Api, path: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = api.whole(f"{path}&limit=100{cursor}")
        yield from page["data"]
        if not page["meta"].get("next_cursor"):
            return
        cursor = f"&cursor={page['meta']['next_cursor']}"


def compared(api: Api, known: dict[str, str]) -> bool:
    path = "/integrations/stripe"
    api.post(path, {"credentials": {"access_token": _KEY}})
    while api.get(f"{path}/syncs")[0]["status"] in ("queued", "running"):
        time.sleep(1)
    first, second = synced(api, path), synced(api, path)
    leads = [lead["email"] for lead in every(api, "/leads?source=stripe")]
    findings = {
        "every customer arrived, with its e-mail": first == known,
        "a second time changes nothing": second == known,
        "each is a lead, once": sorted(leads) == sorted(known.values()),
    }
    for name, holds in findings.items():
        print("ok  " if holds else "FAIL", name)
    return all(findings.values())


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    with localstripe() as url, tempfile.TemporaryDirectory() as folder:
        known = made(url, customers)
        with stage(Path(folder) / "data", STRIPE_URL=url) as demo:
            good = compared(Api(demo), known)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

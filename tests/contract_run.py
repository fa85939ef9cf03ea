"""A platform's calls against its own OpenAPI description, served by Prism, which refuses what the description does not
allow, and answers with the description's examples.

`uv run python -m tests.contract_run PLATFORM FILE [--dynamic] [--prism COMMAND]`. Descriptions are of others, not kept
here: Pinterest's `v5/openapi.json` of github.com/pinterest/api-description, Klaviyo's by resource in
github.com/api-evangelist/klaviyo, HubSpot's in github.com/HubSpot/HubSpot-public-api-spec-collection. `--dynamic` makes
up answers where there are no examples (HubSpot's, whose `sorts` are texts, though its guide and its API have objects).
Ends with 1 where a call is refused.
"""

import argparse
import asyncio
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from groundswell.integrations.addressing import Places
from groundswell.integrations.catalogue import platform
from groundswell.integrations.platform import Account, At, Call, Platform, Stream
from groundswell.integrations.problems import Problem, Reply
from groundswell.integrations.reading import Reader
from groundswell.integrations.records import Malformed, ad_row, record
from tests.campaign_run import free_port
from tests.platform_shapes import shape_of

_PRISM = "npx --yes @stoplight/prism-cli@5.14.2"
_PAGES = 3


class Peer:
    """Prism serves a description's paths without the version's prefix."""

    def __init__(self, url: str, prefix: str) -> None:
        self.url = url
        self._prefix = prefix
        self.refused: list[str] = []

    async def send(self, _client: str, _platform: str, url: str, call: Call, *, foreign: bool) -> Reply:
        place = url.replace(self._prefix, "", 1)
        headers = {"accept": "application/json", **{name.lower(): value for name, value in call.headers.items()}}
        async with httpx.AsyncClient(timeout=60) as http:
            answer = await http.request(call.method, place, headers=headers, json=call.body, data=call.form)
        print(answer.status_code, call.method, place.removeprefix(self.url)[:150])
        if '"location":["request"' in answer.text:  # Prism finds fault with examples of some descriptions, too
            self.refused.append(answer.text[:500])
        return Reply(answer.status_code, dict(answer.headers), answer.content)


@contextmanager
def prism(command: str, description: Path, *, dynamic: bool) -> Iterator[str]:
    """Its address."""
    port = free_port()
    options = ["--errors", *(["--dynamic"] if dynamic else [])]
    words = [*shlex.split(command), "mock", *options, "--port", str(port), str(description)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, start_new_session=True, **quiet) as process:
        try:
            for _ in range(600):
                assert process.poll() is None, "Prism ended"
                try:
                    httpx.get(f"http://127.0.0.1:{port}")
                except httpx.TransportError:
                    time.sleep(0.5)
                else:
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)


async def read(named: Platform, peer: Peer) -> None:
    """Accounts, and the first pages of each stream."""
    reader = Reader(peer, "c", named, Places(api=peer.url))
    credentials = {credential.name: "x" for credential in named.credentials} | shape_of(named.name).credentials
    today = datetime.now(UTC)
    week = {"first": (today - timedelta(days=7)).date(), "last": today.date(), "since": today - timedelta(days=7)}
    at = At(Account("549755885175"), **week, cursor=None, credentials=credentials)
    if named.accounts:
        try:
            print("accounts", await reader.accounts(named.accounts, at))
        except Problem as problem:
            print("accounts", problem.kind, problem.words)
    for stream in named.streams:
        cursor = None
        for _ in range(_PAGES):
            try:
                page = await reader.page(stream, At(at.account, **week, cursor=cursor, credentials=credentials))
            except Problem as problem:
                print(stream.name, problem.kind, problem.words)
                break
            for raw in page.records:
                print(stream.name, understood(named, stream, at.account, raw))
            if (cursor := page.cursor) is None:
                break


def understood(named: Platform, stream: Stream, account: Account, raw: Any) -> Any:
    try:
        if stream.kind == "ads":
            return ad_row(named, stream, account, raw, {})
        return record(stream, account, raw, {}).fields
    except Malformed as reason:
        return f"quarantined: {reason}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("platform")
    parser.add_argument("description", type=Path)
    parser.add_argument("--dynamic", action="store_true", help="make answers up")
    parser.add_argument("--prism", default=_PRISM)
    wanted = parser.parse_args()
    named = platform(wanted.platform)
    with prism(wanted.prism, wanted.description, dynamic=wanted.dynamic) as url:
        peer = Peer(url, named.prefix)
        asyncio.run(read(named, peer))
    print(*peer.refused, sep="\n")
    sys.exit(1 if peer.refused else 0)


if __name__ == "__main__":
    main()

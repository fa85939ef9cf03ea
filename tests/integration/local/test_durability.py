"""What a start waits for: whoever is told that all is saved finds it in a snapshot."""

import subprocess
from pathlib import Path

import pytest

from infra.local.emulator import emulator_python

_SAVED = """
import asyncio, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from infra.local.durability import Durable

async def main(folder, first_fails):
    durable = Durable(folder)
    durable._recover()
    snapshot = durable._snapshot
    def slow():
        time.sleep(0.5)
        if first_fails:
            raise OSError("no space left on device")
        snapshot()
    durable._snapshot = slow
    create = {"type": "http", "method": "POST", "path": "/", "headers": [(b"x-amz-target", b"DynamoDB_1.CreateTable")]}
    durable._write(create, 200)
    while not durable._child:
        await asyncio.sleep(0.05)
    durable._snapshot = snapshot
    if first_fails:
        await durable._saving
    async def send(message):
        pass
    await durable._command("/_groundswell/save", None, send)
    print("snapshots", len(list(folder.glob("state.*[0-9]"))))

asyncio.run(main(Path(sys.argv[2]), sys.argv[3] == "fails"))
"""


@pytest.mark.parametrize("first", ["takes its time", "fails"])
def test_what_no_journal_says_is_in_a_snapshot_once_a_save_is_answered(tmp_path: Path, first: str) -> None:
    """Also where a snapshot was under way that began after the change, or that came to nothing."""
    command = [emulator_python(print), "-c", _SAVED, str(Path(__file__).parents[3]), str(tmp_path), first]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()

    assert lines[-1] == "snapshots 1"

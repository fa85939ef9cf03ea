"""The command as a person meets it: alone, with --version, interrupted at once."""

import os
import signal
import subprocess
import sys

import pytest

from groundswell.http.openapi import merge
from infra.local.cli import main


def test_alone_it_helps(capsys):
    assert main([]) == 0
    assert "dev" in capsys.readouterr().out


def test_it_tells_the_version_that_the_api_tells(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])

    assert end.value.code == 0
    described = merge([])["info"]["version"]
    assert capsys.readouterr().out == f"groundswell {described}\n"


def test_ctrl_c_before_anything_runs_is_no_traceback(monkeypatch):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("infra.local.cli._reported", interrupted)

    assert main(["dev"]) == 130


@pytest.mark.parametrize("line", ["starting the emulator", "making tables"])
def test_ctrl_c_during_the_start_ends_it_without_a_traceback(tmp_path, line):
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local.cli", "dev", "--port", "0", "--data-dir", str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    assert any(line in printed for printed in process.stdout)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everybody in the foreground
    printed, _ = process.communicate(timeout=120)

    assert process.returncode in (0, 130)
    assert "Traceback" not in printed
    assert "KeyboardInterrupt" not in printed

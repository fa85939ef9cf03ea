"""Where the emulator comes from, with a uv of our own that says how it was called."""

import stat

import pytest

from infra.local.emulator import PACKAGE, EmulatorError, emulator_python


@pytest.fixture
def uv(tmp_path, monkeypatch):
    """Makes a `uv` that runs that shell script; returns the file with the arguments of each call."""

    def make(script: str):
        program, calls = tmp_path / "uv", tmp_path / "calls"
        program.write_text(f'#!/bin/sh\necho "$*" >> {calls}\n{script}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("UV", str(program))
        emulator_python.cache_clear()
        return calls

    yield make
    emulator_python.cache_clear()


_HAS_NOTHING = 'case "$*" in *--offline*) exit 1;; esac'


def test_an_emulator_that_is_here_is_found_without_a_network_and_without_a_word(uv):
    calls, lines = uv("echo /its/python"), []

    assert emulator_python(lines.append) == "/its/python"

    assert [call for call in calls.read_text().splitlines() if "--offline" not in call] == []
    assert lines == []


def test_a_download_is_told_before_it_begins(uv):
    uv(f"{_HAS_NOTHING}; echo /its/python")
    lines = []

    assert emulator_python(lines.append) == "/its/python"

    assert lines == [f"downloading the emulator, {PACKAGE} (once)"]


def test_what_cannot_be_downloaded_is_told_with_uv_s_own_words(uv):
    uv(f"{_HAS_NOTHING}; echo 'no route to host' >&2; exit 2")

    with pytest.raises(EmulatorError, match="could not be downloaded: no route to host"):
        emulator_python(print)

"""Which folders `groundswell dev` takes for its data, and what a reset leaves alone."""

from pathlib import Path

import pytest

from infra.local.claim import MARKER, Claim, Claimed


def _names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_a_folder_with_anything_in_it_is_refused_and_stays_as_it_is(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "logs").mkdir()

    with pytest.raises(Claimed, match="no data folder of ours"), Claim(tmp_path, print) as claim:
        claim.wipe()

    assert _names(tmp_path) == {".git", "logs"}


@pytest.mark.parametrize("folder", [".", "new", "new/and/deep"])
def test_an_empty_or_missing_folder_becomes_ours_and_is_ours_again(tmp_path, folder):
    for _ in range(2):
        with Claim(tmp_path / folder, print):
            assert {MARKER, ".gitignore", "lock"} == _names(tmp_path / folder)


def test_a_reset_removes_what_starts_made_and_nothing_else(tmp_path):
    with Claim(tmp_path, print) as claim:
        (tmp_path / "emulator" / "state").mkdir(parents=True)
        for name in ("demo.json", "clock.json.part", "notes.txt"):
            (tmp_path / name).touch()
        (tmp_path / "thesis").mkdir()
        (tmp_path / "logs").symlink_to(tmp_path / "thesis")

        claim.wipe()

    assert _names(tmp_path) == {MARKER, ".gitignore", "lock", "notes.txt", "thesis"}


def test_a_data_folder_of_a_version_without_markers_is_known(tmp_path):
    (tmp_path / "emulator").mkdir()
    for name in ("lock", ".gitignore", "demo.json"):
        (tmp_path / name).touch()

    with Claim(tmp_path, print):
        assert (tmp_path / MARKER).exists()


def test_a_folder_that_only_looks_like_one_is_refused(tmp_path):
    (tmp_path / "emulator").mkdir()
    for name in ("lock", "thesis.tex"):
        (tmp_path / name).touch()

    with pytest.raises(Claimed, match="no data folder of ours"), Claim(tmp_path, print):
        pass

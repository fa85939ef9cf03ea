"""Questions as SQL over a log in memory, and over an archive if there is one."""

from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp

from groundswell.analytics.engine.adapter_engine import Engine
from groundswell.analytics.engine.adapter_files import ClientFiles
from groundswell.analytics.engine.answering import answered
from groundswell.analytics.engine.jobs import Answering
from groundswell.analytics.engine.model import AS_A_JOB
from groundswell.events.archiver.adapter_parquet import DuckSheets
from tests.fakes.kept_answers import FakeKeptAnswers
from tests.fakes.lake import FakeLake

SHEETS, ENGINE = DuckSheets(), Engine(512)


def client_files(store, now, lake=None):
    return ClientFiles(store, lake or FakeLake(), SHEETS, lambda: now, Path(mkdtemp(prefix="lake-")))


def answering(store, now, lake=None):
    """Each with a folder of its own, as on another machine."""
    return Answering(
        client_files(store, now, lake),
        lambda _, question, files: answered(ENGINE, question, files, AS_A_JOB),
        FakeKeptAnswers(),
        lambda: now,
    )


def tidy():
    """What tests left behind."""
    for folder in Path(gettempdir()).glob("lake-*"):
        rmtree(folder, ignore_errors=True)

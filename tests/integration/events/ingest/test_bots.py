"""Bots as `isbot` knows them, asked of that package itself: of lists of crawlers and of browsers that others keep."""

import json
import subprocess

import pytest

from groundswell.events.ingest.bots import is_bot
from tests.npm_peers import FOLDER, install

APPS = ("MetaIAB", "IABMV", "Electron", "Fluid/")
"""Programs that show pages to somebody, which the list of crawlers has too."""


@pytest.fixture(scope="module")
def known():
    install()
    ran = subprocess.run(["node", str(FOLDER / "bots.mjs")], check=True, capture_output=True, text=True, cwd=FOLDER)
    return json.loads(ran.stdout)


def test_what_isbot_calls_a_bot_is_one_here(known):
    bots = [agent for agent, bot in known["crawlers"] if bot]

    assert len(bots) > 2_000
    assert [agent for agent in bots if not is_bot(agent)] == []


def test_no_browser_that_people_use_is_called_a_bot(known):
    assert len(known["browsers"]) > 90
    assert [agent for agent, _ in known["browsers"] if is_bot(agent)] == []


def test_of_the_crawlers_that_isbot_does_not_know_none_is_missed_but_apps_that_show_pages(known):
    missed = [agent for agent, _ in known["crawlers"] if not is_bot(agent)]

    assert [agent for agent in missed if not any(app in agent for app in APPS)] == []
    assert len(missed) < 8

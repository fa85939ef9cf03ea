"""The catalogue of events has what features say of theirs, and features say what is in it."""

from importlib import import_module
from pkgutil import walk_packages

import groundswell
from functions.webhooks.catalogue import EVENTS
from groundswell.webhooks.events import event_message
from tests.clock import START


def test_every_features_events_are_in_the_catalogue() -> None:
    names = [
        package.name
        for package in walk_packages(groundswell.__path__, "groundswell.")
        if package.name.endswith(".events")
    ]
    declared = [getattr(import_module(name), "EVENTS", {}) for name in names]

    assert {kind for events in declared for kind in events} == set(EVENTS)


def test_every_example_can_be_sent_whole() -> None:
    for kind, example in EVENTS.items():
        assert '"omitted"' not in event_message("c", kind, example, id="e", at=START).body

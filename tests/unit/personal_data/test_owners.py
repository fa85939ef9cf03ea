"""No key prefix without an owner: what is written of a client is purged with it, and somebody answers for persons."""

import ast
import re
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import groundswell
from groundswell.events.erasure.erasable import ErasableStore
from groundswell.personal_data.identifiers import EVENT_KINDS, IdKind
from groundswell.personal_data.port import SupportsForget, SupportsTell
from infra import catalogue
from infra.declarations import PersonalData
from tests.personal_data import all_personal_data

OURS = Path(groundswell.__path__[0])
PREFIX = re.compile(r"[A-Z][A-Z_]{2,}#")
NOBODYS = {
    "AUDIT#": "the organization's trail, kept for 400 days",
    "CONSENT#": "somebody at a platform, for minutes",
    "CLIENT#": "the client's own item, of which a tombstone stays, and the partition of what is listed below it",
    "DEVICE#": "a user's, until it expires",
    "DUE#": "timers by time, which lie in a partition of their client's",
    "EMAIL#": "a user's",
    "FAILURES#": "an address's, for minutes",
    "GOOGLE#": "a user's",
    "IDEMPOTENCY#": "answers by digest, for a day",
    "INVITER#": "a user's open invitations, of which those to a client are listed below it too",
    "LIMIT#": "a caller's, for an hour",
    "LINK#": "a user's mailed link",
    "LINKS#": "a user's mailed links",
    "MAIL#": "a mail that was sent, until it expires",
    "MAILBOX#": "the local stage's",
    "MAILHOOK#": "a report's token by digest, for minutes",
    "MAILDOMAIN#": "what is known of a domain, for a day",
    "NOTIFICATIONS#": "a user's, of which those about a client are listed below it",
    "ORG#": "the organization's",
    "OUTBOX#": "a message on its way, until it expires",
    "OUTBOUND#": "calls to others, counted for minutes",
    "RECIPIENTS#": "a user's count of a day",
    "PURGES#": "the reports of purges",
    "SCHEDULE#": "a schedule's run",
    "SESSION#": "a user's",
    "SOCIALVISIT#": "somebody at a network, for minutes",
    "USAGE#": "the organization's account, kept for 400 days",
    "WEBSEARCH#": "the web's, for a day",
    "USER#": "a user's, of which memberships of a client are listed below it",
}
"""What begins so is of no client, or stays on purpose."""
BELOW = {
    "ACCOUNT#": "SOCIAL#",
    "AUDIENCELEAD#": "AUDIENCE#",  # an index
    "CHATS#": "CHAT#",  # an index
    "COUNT#": "CAMPAIGN#",
    "LATER#": "CHAT#",
    "LATEST#": "SOCIAL#",
    "LETTERS#": "TEMPLATES#",
    "MSG#": "CHAT#",
    "NAMED#": "SOCIAL#",
    "REG#": "SEATS#",
    "SENDER#": "SENDERS#",
    "SEQUENCE#": "SEQUENCES#",
    "TEMPLATE#": "TEMPLATES#",
    "SLOT#": "SOCIAL#",
    "TEXT#": "SOCIAL#",
    "THREAD#": "CHAT#",
    "WAIT#": "SEATS#",
    "ALERT#": "ALERTS#",
    "CHANGE#": "TASK#",
    "COMMENT#": "TASKCOMMENTS#",
    "COST#": "SEARCHGOAL#",
    "DEPENDENT#": "TASK#",
    "LINE#": "NOTIFICATIONS#",
    "MODEL#": "ORG#",
    "NOTE#": "NOTIFICATIONS#",
    "REPORT#": "REPORTS#",
    "RUN#": "SEARCHGOAL#",
    "SCORES#": "LEAD#",  # an index
    "SENT#": "NOTIFICATIONS#",
    "SHARE#": "REPORTS#",
    "SILENCE#": "ALERTS#",
    "STATE#": "ALERTS#",
    "TALLY#": "TASKS#",
    "TENANT#": "OUTBOUND#",
    "VENDOR#": "OUTBOUND#",
}
"""Sort keys, by what their partitions begin with: they go and stay with these."""


@pytest.fixture(scope="module")
def features():
    return all_personal_data()


@cache
def written():
    """Files by the prefix that they have a key with. A `privacy.py` that owns one does not write it."""
    paths_by_name = {}
    for path in (path for path in OURS.rglob("*.py") if path.name != "privacy.py"):
        for text in _texts(ast.parse(path.read_text())):
            if named := PREFIX.match(text):
                paths_by_name.setdefault(named.group(), set()).add(str(path.relative_to(OURS)))
    return paths_by_name


def _texts(tree):
    """Text as keys are built of: the beginnings of f-strings, and plain strings that are no docstrings."""
    inner = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
            if isinstance(node.values[0], ast.Constant):
                yield node.values[0].value
        match node:
            case ast.Call(func=ast.Name(id="Listing"), args=[ast.Constant(value=name), *_]):
                yield f"{name}#"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value


def owned(features):
    places = [place.split(" ", 1)[1] for feature in features for place in feature.places]
    return {named.group() for text in places if (named := PREFIX.match(text))} | {
        prefix for feature in features for prefix in feature.prefixes
    }


def without_owner(features):
    known = owned(features) | NOBODYS.keys()
    return {prefix: files for prefix, files in written().items() if BELOW.get(prefix, prefix) not in known}


def test_every_key_prefix_has_an_owner(features):
    assert without_owner(features) == {}, (
        "say in the feature's privacy.py how it goes, in BELOW with what, or in NOBODYS why it stays"
    )


def test_a_prefix_loses_its_owner_with_the_feature(features):
    for gone in features:
        left = [feature for feature in features if feature is not gone]
        assert set(gone.prefixes) <= without_owner(left).keys()


def test_nothing_is_said_to_be_nobodys_that_is_owned_or_not_written(features):
    assert (NOBODYS.keys() | BELOW.keys()) - written().keys() == set()
    assert NOBODYS.keys() & owned(features) == set()


def test_each_has_a_name_of_its_own(features):
    files = [feature.file for feature in features if isinstance(feature, SupportsTell)]
    stores = [feature.certified_as for feature in features if isinstance(feature, ErasableStore)]
    prefixes = [prefix for feature in features for prefix in feature.prefixes]
    for names in ([feature.kind for feature in features], files, stores, prefixes):
        assert [name for name, times in Counter(names).items() if times > 1] == []


def test_whoever_is_named_in_events_can_be_forgotten_and_told(features):
    assert {kind for feature in features if isinstance(feature, SupportsForget) for kind in feature.forgets} == set(
        IdKind
    )
    assert set(EVENT_KINDS) <= {
        kind for feature in features if isinstance(feature, SupportsTell) for kind in feature.tells
    }


def test_every_privacy_module_is_declared_once_by_a_feature():
    declared = [declaration.package for feature in catalogue.FEATURES for declaration in feature.personal_data]
    modules = sorted(path.parent.relative_to(OURS).as_posix().replace("/", ".") for path in OURS.rglob("privacy.py"))

    assert sorted(declared) == modules


@pytest.mark.parametrize("name", ["purge", "privacy_jobs"])
def test_a_function_that_handles_personal_data_reaches_all_of_it(name):
    function = catalogue.function(name)
    granted = {(grant.kind, grant.name) for grant in function.grants}
    declared: list[PersonalData] = [
        declaration for feature in catalogue.FEATURES for declaration in feature.personal_data
    ]

    assert len(granted) == len(function.grants), "one grant a resource"
    assert function.environment["PERSONAL_DATA"].split(",") == [declaration.package for declaration in declared]
    for personal_data in declared:
        assert {
            *(("table", table) for table in personal_data.tables),
            *(("bucket", one) for one in personal_data.buckets),
        } <= granted
        assert import_module(f"groundswell.{personal_data.package}.privacy")

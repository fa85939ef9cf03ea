"""Every ordinary noun does what every other does. A noun is found in the API's description: `POST` and `GET` at a path,
`GET`, `PATCH` and `DELETE` at what that makes. Its examples are what is sent: a new feature needs no such test itself.

Who must not get through is the access matrix's (`integration/security`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.gateway import Answer
from tests.integration.security.operations import document
from tests.people import People, Person

TESTED_BY_THEMSELVES = {
    "/admin/users": "deactivated, and never deleted",
    "/bots": "Telegram is asked first",
    "/business/bookings": "of a booking type, when one of its hosts is free",
    "/campaigns/senders": "the provider is asked first",
    "/clients": "members see a deleted one for 14 days, and the second has to be named from then on",
    "/communication/linkedin/accounts": "the network is asked first",
    "/communication/linkedin/content": "by an account",
    "/communication/twitter/accounts": "the network is asked first",
    "/communication/twitter/content": "by an account",
    "/content/media": "is uploaded first",
}


@dataclass(frozen=True)
class Noun:
    path: str
    made: Any
    changed: Any


def nouns() -> Iterator[Noun]:
    paths = document()["paths"]
    for path, item in paths.items():
        one = next((paths[other] for other in paths if _is_one_of(path, other)), {})
        if {"get", "post"} <= item.keys() and {"get", "patch", "delete"} <= one.keys() and "{" not in path:
            yield Noun(path.removeprefix("/api/v1"), _example(item["post"]), _example(one["patch"]))


def _is_one_of(path: str, other: str) -> bool:
    return other.startswith(f"{path}/{{") and other.count("/") == path.count("/") + 1


def _example(operation: Mapping[str, Any]) -> Any:
    return operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")


def test_every_noun_is_made_found_listed_changed_once_a_version_kept_from_strangers_and_deleted(
    moto, people: People, subtests: pytest.Subtests
) -> None:
    moto.configure(RATE_LIMITS="off")
    owner, stranger = people.sign_up(), people.sign_up()
    ordinary = [noun for noun in nouns() if noun.path not in TESTED_BY_THEMSELVES]

    assert len(ordinary) >= 20
    for noun in ordinary:
        with subtests.test(noun.path):
            _lives(owner, stranger, noun)


def _lives(owner: Person, stranger: Person, noun: Noun) -> None:
    made = owner.post(noun.path, noun.made)
    assert made.status == 201, made.body
    where = f"{noun.path}/{made.data['id']}"

    assert made.headers["location"].endswith(where)
    assert owner.get(where).data.items() <= made.data.items(), "but for what is shown once"
    assert made.data["id"] in [row["id"] for row in owner.get(noun.path).data]
    _changes(owner, where, noun, made)
    _is_nobody_elses(stranger, where, noun)
    assert owner.delete(where).status == 200
    assert owner.get(where).status == 404
    assert made.data["id"] not in [row["id"] for row in owner.get(noun.path).data]


def _changes(owner: Person, where: str, noun: Noun, made: Answer) -> None:
    unknown = owner.call("PATCH", where, {"no_such_field": 1})
    assert (unknown.status, unknown.json["error"]["field"]) == (400, "no_such_field")
    changed = owner.call("PATCH", where, noun.changed, headers={"if-match": f'"{made.data["version"]}"'})
    assert changed.status == 200, changed.body
    assert changed.data["version"] > made.data["version"]
    stale = owner.call("PATCH", where, noun.changed, headers={"if-match": f'"{made.data["version"]}"'})
    assert (stale.status, stale.json["error"]["details"]["version"]) == (412, changed.data["version"])
    assert owner.get(where).data == changed.data


def _is_nobody_elses(stranger: Person, where: str, noun: Noun) -> None:
    answers = (stranger.get(where), stranger.call("PATCH", where, noun.changed), stranger.delete(where))
    assert [answer.status for answer in answers] == [404, 404, 404]

"""The document that `system` serves, as packaging builds it."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import catalogue
from infra.packaging.openapi import UndescribedApi, write_document
from infra.routing import Router

PAGES_FOR_PEOPLE = "public"
METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="session")
def document(description: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(description.read_text())
    return content


def test_one_document_describes_every_function_that_answers_requests(document: dict[str, Any]) -> None:
    router = Router(catalogue.FUNCTIONS)
    described = {match.function.name for path in document["paths"] if (match := router.match(path))}

    assert document["openapi"].startswith("3.1")
    assert described == {function.name for function in catalogue.FUNCTIONS if function.routes} - {PAGES_FOR_PEOPLE}


def test_paths_are_in_the_canonical_spelling_or_a_third_partys_own(document: dict[str, Any]) -> None:
    theirs = tuple(routes.path for routes in catalogue.function("ingest").routes if routes.prefixes == "own")

    assert all(path.startswith(("/api/v1/", *theirs)) or path == "/" for path in document["paths"])


def test_every_operation_shows_what_it_takes_and_what_it_gives(document: dict[str, Any]) -> None:
    bare = [
        f"{method} {path}: {what}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
        for what in _bare(operation)
    ]

    assert bare == []


def _bare(operation: dict[str, Any]) -> Iterator[str]:
    """The bodies without an example: the request's, and those of success."""
    successes = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    bodies = {"takes": operation.get("requestBody", {}), **successes}
    for what, body in bodies.items():
        for content_type, media in body.get("content", {}).items():
            if not {"example", "examples"} & set(media):
                yield f"{what} {content_type}"


def test_what_was_made_and_can_be_read_says_where(document: dict[str, Any]) -> None:
    readable = {path for path, item in document["paths"].items() if "get" in item}
    places = {}
    for path, item in document["paths"].items():
        answers = [item.get("post", {}).get("responses", {}).get(status) for status in ("201", "202")]
        for made in filter(None, answers):
            of_one = [
                readable_path for readable_path in readable if re.fullmatch(re.escape(path) + r"/{\w+}", readable_path)
            ]
            place = made.get("headers", {}).get("Location", {}).get("example")
            if of_one or place:
                places[path] = place

    shapes = {_shape(path) for path in readable}
    assert {path: place for path, place in places.items() if _shape(str(place)) not in shapes} == {}
    assert {path.removeprefix("/api/v1") for path in places} == {
        "/admin/users",
        "/alerts",
        "/alerts/silences",
        "/analytics/annotations",
        "/analytics/cohorts",
        "/analytics/cohorts/{cohort_id}/refresh",
        "/analytics/conversions",
        "/analytics/dashboards",
        "/analytics/journeys",
        "/analytics/lifecycle",
        "/analytics/query",
        "/analytics/questions",
        "/analytics/returning",
        "/analytics/saved-questions",
        "/analytics/saved-questions/{saved_question_id}/ask",
        "/analytics/sql",
        "/analytics/stickiness",
        "/analytics/web",
        "/audience/lists",
        "/audience/opt-outs",
        "/audience/segments",
        "/auth/register",
        "/bots",
        "/broadcast/campaign",
        "/business/booking-types",
        "/business/bookings",
        "/business/bookings/holds",
        "/business/webinars",
        "/business/whitepapers",
        "/campaigns",
        "/campaigns/senders",
        "/campaigns/sequences",
        "/chat/send",
        "/clients",
        "/clients/{client_id}/api-keys",
        "/clients/{client_id}/api-keys/{key_id}/rotate",
        "/clients/{client_id}/invitations",
        "/clients/{client_id}/members",
        "/communication/email/campaigns",
        "/communication/email/templates",
        "/communication/linkedin/accounts",
        "/communication/linkedin/content",
        "/communication/linkedin/media",
        "/communication/twitter/accounts",
        "/communication/twitter/content",
        "/communication/twitter/media",
        "/content/media",
        "/content/pages",
        "/creative-submissions",
        "/creative-submissions/{creative_id}/comments",
        "/creative-submissions/{creative_id}/share-links",
        "/dashboard/client-companies",
        "/integrations/{platform}",
        "/leads",
        "/leads/import",
        "/leads/import/{import_id}/start",
        "/leads/merge",
        "/leads/{lead_id}/interactions",
        "/leadscoring/score",
        "/leadscoring/train",
        "/organization/invitations",
        "/privacy/erasures",
        "/privacy/exports",
        "/privacy/suppressions",
        "/reports/custom",
        "/reports/schedules",
        "/reports/{report_id}/share-links",
        "/search/goals",
        "/tasks",
        "/tasks/{task_id}/comments",
        "/webhooks",
    }


def test_what_has_an_id_says_where_it_is_found(document: dict[str, Any]) -> None:
    posts = {path.removeprefix("/api/v1"): item["post"] for path, item in document["paths"].items() if "post" in item}
    makes = {path: post["responses"].get("201", {}) for path, post in posts.items()}
    with_id = {path: made for path, made in makes.items() if "id" in _example(made)}
    unplaced = {path for path, made in with_id.items() if "Location" not in made.get("headers", {})}

    assert unplaced == {
        "/analytics/metrics",  # a fact, which is counted and not read back alone
        "/business/webinars/{webinar_id}/register",  # a visitor's: their link shows it, the client reads registrations
        "/leads/import",  # a place to upload to, which `POST /leads/import/{id}/start` reads
    }


def _example(answer: dict[str, Any]) -> dict[str, Any]:
    data = answer.get("content", {}).get("application/json", {}).get("example", {}).get("data")
    return data if isinstance(data, dict) else {}


def test_every_list_takes_limit_cursor_and_sort(document: dict[str, Any]) -> None:
    lists = {path: item["get"] for path, item in document["paths"].items() if _lists(document, item.get("get", {}))}
    takes = {path: {parameter["name"] for parameter in operation["parameters"]} for path, operation in lists.items()}

    assert len(lists) > 90
    assert {path: names for path, names in takes.items() if not names >= {"limit", "cursor", "sort"}} == {}


def _lists(document: dict[str, Any], operation: dict[str, Any]) -> bool:
    """Whether its `data` is an array beside a `meta`."""
    answer = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
    name = answer.get("schema", {}).get("$ref", "").rpartition("/")[2]
    properties = document["components"]["schemas"].get(name, {}).get("properties", {})
    return "meta" in properties and properties.get("data", {}).get("type") == "array"


def test_what_is_made_says_when_and_in_which_version(document: dict[str, Any]) -> None:
    without = {
        path.removeprefix("/api/v1"): sorted(missing)
        for path, item in document["paths"].items()
        if (made := item.get("post", {}).get("responses", {}).get("201"))
        for answer in _data(document, made)
        if (missing := {"id", "created_at", "updated_at", "version"} - answer.keys())
    }
    assert without == {
        "/analytics/metrics": ["created_at", "updated_at", "version"],  # a point of a series
        "/analytics/wallets/nonces": ["created_at", "id", "updated_at", "version"],
        "/audience/consents": ["created_at", "id", "updated_at", "version"],  # a line of a ledger
        "/chat/visitors": ["created_at", "id", "updated_at", "version"],
        "/clients/{client_id}/api-keys": ["updated_at"],
        "/clients/{client_id}/api-keys/{key_id}/rotate": ["updated_at"],
        "/clients/{client_id}/members": ["id", "updated_at"],
        "/content/pages/{page_id}/preview-links": ["created_at", "id", "updated_at", "version"],  # signed, not kept
        "/leadscoring/results/{lead_id}/adjustments": [
            "created_at",
            "id",
            "updated_at",
            "version",
        ],  # the score with it
    }


def _data(document: dict[str, Any], response: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The properties of `data`, where it has one shape."""

    def followed(schema: dict[str, Any]) -> dict[str, Any]:
        return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    envelope = followed(response["content"]["application/json"]["schema"])
    data = followed(envelope["properties"]["data"])
    if "properties" in data:
        yield data["properties"]


def _shape(path: str) -> str:
    """Without the names of its parameters, and the ids of examples."""
    return re.sub(r"{\w+}|[0-9a-f-]{36}", "{}", path)


def test_a_group_has_a_document_of_its_own_and_all_together_have_the_whole(tmp_path: Path) -> None:
    write_document(tmp_path / "openapi.json")
    whole = json.loads(gzip.decompress((tmp_path / "openapi.json.gz").read_bytes()))
    groups = {
        path.name.partition(".")[0]: json.loads(gzip.decompress(path.read_bytes()))
        for path in (tmp_path / "openapi").glob("*.json.gz")
    }

    assert whole == json.loads((tmp_path / "openapi.json").read_text())
    assert set(groups) == {function.group for function in catalogue.FUNCTIONS if function.routes}
    paths = [path for document in groups.values() for path in document["paths"]]
    assert sorted(paths) == sorted(whole["paths"])
    assert (tmp_path / "openapi.json.gz").stat().st_size < 0.2 * (tmp_path / "openapi.json").stat().st_size


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert set(_references(document)) - schemas == set()


def _references(value: Any) -> list[str]:
    match value:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [reference for child in value.values() for reference in _references(child)]
        case list():
            return [reference for child in value for reference in _references(child)]
        case _:
            return []


def test_a_function_that_cannot_be_imported_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "functions/auth"
    broken.mkdir(parents=True)
    (tmp_path / "functions/__init__.py").touch()
    (broken / "handler.py").write_text("raise ValueError('broken on purpose')")
    monkeypatch.setattr("infra.packaging.openapi.ROOT", tmp_path)

    with pytest.raises(UndescribedApi, match="broken on purpose"):
        write_document(tmp_path / "openapi.json")

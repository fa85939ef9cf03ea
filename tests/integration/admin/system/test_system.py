import gzip
import json

import pytest


@pytest.mark.parametrize("path", ["/health", "/system/health", "=/health", "=/api/health/"])
def test_health_answers_whatever_else_is_down(gateway, calls, path: str) -> None:
    with calls.counted() as made:
        answer = gateway.get(path)

    assert (answer.status, answer.data["status"], answer.data["environment"]) == (200, "healthy", "local")
    assert made == []


def test_detailed_health_asks_every_dependency(gateway) -> None:
    answer = gateway.get("/health/detailed")

    assert answer.status == 200
    assert {"core", "events", "ephemeral", "mail"} <= set(answer.data["services"])
    assert {service["status"] for service in answer.data["services"].values()} == {"healthy"}


def test_without_an_essential_dependency_it_is_a_503_without_internals(gateway, calls) -> None:
    with calls.failing(
        "DescribeTable", "ResourceNotFoundException", times=99, message="table groundswell-secret is gone"
    ):
        answer = gateway.get("/health/detailed")

    assert (answer.status, answer.data["status"]) == (503, "unhealthy")
    assert b"groundswell-secret" not in answer.body


@pytest.mark.parametrize(
    ("path", "document"), [("=/docs", "/openapi.json"), ("=/api/v1/redoc", "/api/v1/openapi.json")]
)
def test_pages_show_the_document_beside_them(gateway, path: str, document: str) -> None:
    answer = gateway.get(path)

    assert answer.headers["content-type"].startswith("text/html")
    assert document in answer.body.decode()
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.fixture
def built(moto, tmp_path) -> None:
    moto.configure(OPENAPI_DOCUMENT=str(tmp_path / "openapi.json"))
    (tmp_path / "openapi").mkdir()
    for file in ("openapi.json", "openapi/core.json"):
        (tmp_path / f"{file}.gz").write_bytes(gzip.compress(f'{{"openapi": "3.1.0", "file": "{file}"}}'.encode()))


@pytest.mark.parametrize("file", ["openapi.json", "openapi/core.json"])
@pytest.mark.parametrize("encoding", ["gzip, br", "identity"])
def test_the_document_is_the_one_that_was_built_packed_for_who_takes_that(gateway, built, file, encoding) -> None:
    answer = gateway.get(f"/{file}", headers={"accept-encoding": encoding})

    packed = answer.headers.get("content-encoding") == "gzip"
    assert json.loads(gzip.decompress(answer.body) if packed else answer.body) == {"openapi": "3.1.0", "file": file}
    assert packed == ("gzip" in encoding)
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize("group", ["nobody", "..", "core.json/x"])
def test_a_group_that_answers_nothing_has_no_document(gateway, built, group: str) -> None:
    assert gateway.get(f"/openapi/{group}.json").status == 404


def test_the_root_says_where_everything_is(gateway) -> None:
    data = gateway.get("=/").data

    assert (data["name"], data["docs"], data["openapi"]) == ("Groundswell", "/docs", "/openapi.json")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_nobody_owns_is_a_problem(gateway, method: str) -> None:
    answer = gateway.call(method, "/no/such/thing")

    assert (answer.status, answer.code, answer.headers["content-type"]) == (
        404,
        "NOT_FOUND",
        "application/problem+json",
    )

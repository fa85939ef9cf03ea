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
    assert {each["status"] for each in answer.data["services"].values()} == {"healthy"}


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


def test_the_document_is_the_one_that_was_built(gateway, moto, tmp_path) -> None:
    built = tmp_path / "openapi.json"
    built.write_text('{"openapi": "3.1.0"}')
    moto.configure(OPENAPI_DOCUMENT=str(built))

    answer = gateway.get("/openapi.json")

    assert answer.json == {"openapi": "3.1.0"}
    assert answer.headers["cache-control"] == "public, max-age=300"


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

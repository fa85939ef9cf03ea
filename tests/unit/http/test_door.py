import json
from typing import Any

import pytest

from groundswell.http import caller
from groundswell.http.door import reject_bypass


@pytest.fixture
def _cloudfront(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_ORIGIN", "origin")
    monkeypatch.setattr(caller, "origin_secret", lambda: "only CloudFront knows")


def _asked(headers: dict[str, str] | None, **more: Any) -> dict[str, Any]:
    return {"rawPath": "/v1/batch", "headers": headers} | more


@pytest.mark.usefixtures("_cloudfront")
@pytest.mark.parametrize(
    "headers", [None, {}, {"x-origin-secret": "guessed"}, {"cloudfront-viewer-address": "203.0.113.9:1"}]
)
def test_who_walks_around_cloudfront_is_turned_away_in_the_one_error_body(headers: dict[str, str] | None) -> None:
    answer = reject_bypass(_asked(headers))

    assert answer is not None
    body = json.loads(answer["body"])
    assert (answer["statusCode"], body["error"]["code"], body["instance"]) == (403, "FORBIDDEN", "/v1/batch")
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert answer["headers"]["x-request-id"] == body["error"]["requestId"]


@pytest.mark.usefixtures("_cloudfront")
@pytest.mark.parametrize("name", ["x-origin-secret", "X-Origin-Secret"])
def test_who_came_through_cloudfront_comes_in(name: str) -> None:
    assert reject_bypass(_asked({name: "only CloudFront knows"})) is None


def test_where_no_cloudfront_stands_before_us_everybody_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_ORIGIN", raising=False)

    assert reject_bypass(_asked({})) is None

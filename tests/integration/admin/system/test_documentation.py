"""`/docs` and `/redoc`: nothing from anybody else, nothing inline that runs."""

import gzip
import re

import pytest

from infra.packaging.viewers import write_viewers
from infra.stage import stage


@pytest.fixture
def documented(moto, tmp_path):
    (tmp_path / "openapi.json.gz").write_bytes(gzip.compress(b"{}"))
    write_viewers(tmp_path)
    moto.configure(OPENAPI_DOCUMENT=str(tmp_path / "openapi.json"))


@pytest.mark.parametrize("prefix", ["", "/api", "/api/v1"])
@pytest.mark.parametrize("page", ["/docs", "/redoc", "/docs/"])
def test_a_page_loads_what_is_beside_it_and_nothing_inline_runs(gateway, documented, prefix, page) -> None:
    answer = gateway.get(f"={prefix}{page}")
    html = answer.body.decode()

    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert all(address.startswith(f"{prefix}/") for address in loaded), loaded
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    for address in loaded:
        assert gateway.get(f"={address}").status == 200


def test_a_file_is_kept_for_ever_under_an_address_with_its_digest(gateway, documented) -> None:
    packed = gateway.get("/docs/swagger-ui-bundle.js?v=x", headers={"accept-encoding": "gzip, br"})
    plain = gateway.get("/docs/swagger-ui-bundle.js?v=x")

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-type"].startswith("text/javascript")
    assert len(packed.body) < len(plain.body) / 3
    assert b"SwaggerUIBundle" in plain.body


@pytest.mark.parametrize("name", ["nothing.js", "..%2fopenapi.json.gz", "openapi.json"])
def test_no_other_file_is_given_out(gateway, documented, name) -> None:
    assert gateway.get(f"/docs/{name}").status == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/start.js"])
def test_a_stage_may_show_no_documentation_as_prod_does(gateway, moto, path) -> None:
    moto.configure(DOCS="off")

    assert gateway.get(path).status == 404
    assert stage("prod").settings["DOCS"] == "off"
    assert stage("dev").settings["DOCS"] == stage("local").settings["DOCS"] == "on"

"""The description passes the recommended rules of two linters that none of us wrote."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.npm_peers import FOLDER, install


@pytest.fixture(scope="module")
def path(description: Path) -> Path:
    install()
    return description


def lint(*command: str) -> str:
    """What a linter of `tests/peers` writes. It looks for no news of itself: no test needs the network."""
    tool = FOLDER / "node_modules" / ".bin" / command[0]
    quiet = {"REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"}
    environment = {"PATH": os.environ["PATH"], **quiet}
    return subprocess.run(
        [tool, *command[1:]], cwd=FOLDER, env=environment, check=False, capture_output=True, text=True
    ).stdout


def test_redocly_recommends_nothing_that_we_do_not_do(path: Path) -> None:
    report = json.loads(lint("redocly", "lint", str(path), "--extends=recommended", "--format=json"))
    errors = [problem for problem in report["problems"] if problem["severity"] == "error"]

    assert [(error["ruleId"], error["message"], error["location"][0].get("pointer")) for error in errors] == []


def test_spectral_finds_no_error(path: Path) -> None:
    results: list[dict[str, Any]] = json.loads(lint("spectral", "lint", str(path), "--format=json", "--quiet"))

    assert [(result["code"], result["message"], result["path"]) for result in results if result["severity"] == 0] == []


def test_names_are_for_strangers(path: Path) -> None:
    schemas = json.loads(path.read_text())["components"]["schemas"]

    assert [name for name in schemas if "_" in name or "functions" in name.lower()] == []
    assert {name: schema["title"] for name, schema in schemas.items() if schema["title"] != name} == {}


def test_no_request_requires_what_has_a_default(path: Path) -> None:
    document = json.loads(path.read_text())
    schemas = document["components"]["schemas"]
    bodies = [
        operation["requestBody"]
        for item in document["paths"].values()
        for operation in item.values()
        if "requestBody" in operation
    ]
    required = {
        (name, member)
        for name in _used(bodies, schemas)
        for member in schemas[name].get("required", ())
        if "default" in schemas[name]["properties"][member]
    }

    assert required == set()


def _used(bodies: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of all schemas that are referred to, however far away."""
    names, waiting = set[str](), [bodies]
    while waiting:
        match waiting.pop():
            case {"$ref": str(reference)}:
                name = reference.rpartition("/")[2]
                waiting += [] if name in names else [schemas[name]]
                names.add(name)
            case dict() as value:
                waiting += value.values()
            case list() as value:
                waiting += value
    return names

"""The API's description, built once for all who read it: building it imports every function that has routes."""

from pathlib import Path

import pytest

from infra.packaging.openapi import write_document


@pytest.fixture(scope="session")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("description") / "openapi.json"
    write_document(path)
    return path

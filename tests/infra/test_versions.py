"""Which functions a deployment makes a version of: exactly those whose code is new."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk.aws_lambda import Code

from infra import catalogue
from infra.stage import stage
from tests.infra.aws import Lambda
from tests.infra.synthesis import Synthesis

ROOT = Path(__file__).parents[2]
COPIED = ("functions", "shared", "infra", "pyproject.toml", "uv.lock", "cdk.json")

type Synthesize = Callable[[], Synthesis]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is packaged, to be changed. The wheels are left out: they follow from the lock file alone."""
    copy = tmp_path / "sources"
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    places = {
        "assets": {"ROOT": ".", "PACKAGING": "infra/packaging", "FUNCTIONS": "functions", "BUILT": "build"},
        "build": {"ROOT": "."},
        "openapi": {"ROOT": "."},
    }
    for module, names in places.items():
        for name, place in names.items():
            monkeypatch.setattr(f"infra.packaging.{module}.{name}", copy / place)
    monkeypatch.setattr("infra.packaging.assets.SHARED", copy / "shared/python/groundswell")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "wheel.py").touch()
    monkeypatch.setattr("infra.constructs.layers.layer_code", lambda *_: Code.from_asset(str(wheels)))
    return copy


@pytest.fixture
def synthesize(sources: Path, tmp_path: Path) -> Synthesize:
    rounds = iter(range(10))

    def run() -> Synthesis:
        return Synthesis(replace(stage("dev"), snap_start=True), tmp_path / f"out{next(rounds)}", bundled=True)

    return run


def test_exactly_the_functions_with_new_code_get_a_version(sources: Path, synthesize: Synthesize) -> None:
    """One test for all: each round builds every asset that may have changed, and synthesizes the stage."""
    aws = Lambda()
    aws.deploy(synthesize())

    _append_comment(sources / "functions/mailer/handler.py")
    _append_comment(sources / "infra/packaging/build.py")  # everything is built anew, and is what it was
    assert aws.deploy(synthesize()) == {"groundswell-dev-mailer"}

    _describe_otherwise(sources / "functions/clients/routes.py")
    assert aws.deploy(synthesize()) == {"groundswell-dev-clients", "groundswell-dev-system"}, (
        "which has the description"
    )

    _append_comment(sources / "shared/python/groundswell/kernel/ids.py")
    assert aws.deploy(synthesize()) == {stage("dev").physical_name(function.name) for function in catalogue.FUNCTIONS}


def _append_comment(file: Path) -> None:
    with file.open("a") as changed:
        changed.write("# A comment.\n")


def _describe_otherwise(routes: Path) -> None:
    routes.write_text(routes.read_text().replace("@router.get(", "@router.get(summary='Changed', path=", 1))

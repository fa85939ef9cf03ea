"""What Lambda gets, built as for AWS. No clock is asked anything here: bytes and modules are counted."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra import catalogue
from infra.declarations import Function, Layer
from infra.packaging import build, wheels
from infra.packaging.assets import _digest
from infra.packaging.bytecode import compile_tree
from infra.packaging.debug_info import _debug_sections
from infra.stage import host_architecture

# Half of what the naive package weighs: FastAPI, boto3, X-Ray and all that comes with them, as pip leaves it.
NAIVE_ZIP_BYTES = 27_000_000
FUNCTIONS = pytest.mark.parametrize("function", catalogue.FUNCTIONS, ids=lambda function: function.name)
PROBE = """
import json, os, resource, sys
sys.path[:0] = json.loads(sys.argv[2])
before = set(sys.modules)
__import__(sys.argv[1])
found = sorted(set(sys.modules) - before)
print(json.dumps({"modules": found, "files": [getattr(sys.modules[n], "__cached__", None) for n in found]}))
"""


@dataclass(frozen=True)
class Assets:
    root: Path
    imports: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def third_party(self) -> Path:
        return self.layer("core")

    def layer(self, name: Layer) -> Path:
        return self.root / "layers" / name

    @property
    def own(self) -> Path:
        return self.root / "own"

    def function(self, name: str) -> Path:
        return self.root / "functions" / name

    @property
    def all(self) -> list[Path]:
        layers = (self.root / "layers").iterdir()
        return [*layers, self.own, *(self.function(function.name) for function in catalogue.FUNCTIONS)]


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """For the host's architecture, so that they can be imported here."""
    built = Assets(tmp_path_factory.mktemp("assets"))
    with _without_a_terminal():
        for layer in {layer for function in catalogue.FUNCTIONS for layer in function.layers}:
            if wheels.requirements(layer):
                build.build_layer(layer, built.layer(layer), host_architecture())
        build.build_own(built.own)
        for function in catalogue.FUNCTIONS:
            build.build_function(function.name, built.function(function.name))
    return built


@contextmanager
def _without_a_terminal() -> Iterator[None]:
    """What the CDK CLI sets for its app when its output is no terminal, as in CI: `FORCE_COLOR=0`."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FORCE_COLOR", "0")
        environment.delenv("NO_COLOR", raising=False)
        yield


@pytest.fixture(scope="session")
def arm_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The third-party layer as AWS gets it."""
    layer = tmp_path_factory.mktemp("arm64") / "layer"
    build.build_layer("core", layer, "arm64")
    return layer


def test_requirements_have_no_colours_wherever_they_are_exported() -> None:
    with _without_a_terminal():
        assert "\x1b" not in wheels.requirements()


def test_uv_is_always_called_without_colours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it colours changes with its versions: today the header and the annotations, which are left out."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, "anything==1\n", "")

    monkeypatch.setattr(subprocess, "run", run)
    wheels.requirements("pdf")
    wheels.install("anything==1", tmp_path, "arm64")

    assert len(commands) == 3
    assert all("--color never" in " ".join(command) for command in commands)


def test_every_module_ships_its_bytecode_and_lambda_need_not_compare_it(assets: Assets) -> None:
    for asset in assets.all:
        for source in asset.rglob("*.py"):
            compiled = Path(importlib.util.cache_from_source(str(source)))
            header = compiled.read_bytes()[:8]
            assert header[:4] == importlib.util.MAGIC_NUMBER
            assert int.from_bytes(header[4:8], "little") == 0b01, "hash-based and unchecked"


def test_tracebacks_name_files_as_lambda_has_them(assets: Assets) -> None:
    compiled = importlib.util.cache_from_source(str(assets.own / "python/groundswell/kernel/ids.py"))

    assert b"/opt/python/groundswell/kernel/ids.py" in Path(compiled).read_bytes()


def test_the_third_party_layer_has_what_is_read_at_run_time_and_no_more(assets: Assets) -> None:
    site = assets.third_party / "python"
    described = {path.name for path in (site / "botocore/data").iterdir() if path.is_dir()}
    metadata = {path.name for path in site.glob("*.dist-info/*")}

    assert not [path for path in site.rglob("*") if path.suffix == ".pyi" or path.name == "tests"]
    assert {"dynamodb", "secretsmanager", "sesv2", "sqs"} <= described
    assert len(described) < 10
    assert "METADATA" in metadata, "FastAPI asks for the versions of its own dependencies"
    assert metadata <= {"METADATA", "entry_points.txt"}
    assert not [name for name in ("boto3", "aws_xray_sdk", "aws_cdk", "pytest") if (site / name).exists()]


def test_a_function_is_a_package_below_functions_and_has_no_other_in_its_asset(assets: Assets) -> None:
    for function in catalogue.FUNCTIONS:
        asset = assets.function(function.name)
        assert {path.name for path in asset.iterdir()} - {"__pycache__"} == {"functions"}
        folders = {path.name for path in (asset / "functions").iterdir() if path.is_dir()} - {"__pycache__"}
        assert folders == {function.name}


@FUNCTIONS
def test_a_handler_can_be_imported_from_the_assets_alone(assets: Assets, function: Function) -> None:
    assert f"functions.{function.name}.handler" in _imported(assets, function)["modules"]


@FUNCTIONS
def test_a_cold_start_compiles_nothing(assets: Assets, function: Function) -> None:
    for compiled in _imported(assets, function)["files"]:
        assert compiled is None or Path(compiled).exists() or str(assets.root) not in compiled


def test_every_service_of_ours_can_be_called_with_what_is_left_of_botocore(assets: Assets) -> None:
    """Up to the connection, which is refused."""
    probe = """
import sys; sys.path.insert(0, sys.argv[1])
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from botocore.session import get_session
given = {"sesv2": {"ContactListName": "x"}, "dynamodb": {"TableName": "x"}}
calls = {"dynamodb": "describe_table", "sqs": "list_queues", "s3": "list_buckets", "kms": "list_keys",
         "secretsmanager": "list_secrets", "sesv2": "list_contacts", "cloudwatch": "list_metrics"}
for service, operation in calls.items():
    client = get_session().create_client(
        service, "us-east-1", endpoint_url="http://127.0.0.1:9", aws_access_key_id="a", aws_secret_access_key="b",
        config=Config(retries={"total_max_attempts": 1}),
    )
    try:
        getattr(client, operation)(**given.get(service, {}))
    except EndpointConnectionError:
        print(service)
"""
    command = [sys.executable, "-I", "-S", "-B", "-c", probe, str(assets.third_party / "python")]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}, check=False)

    assert done.stdout.split() == ["dynamodb", "sqs", "s3", "kms", "secretsmanager", "sesv2", "cloudwatch"], done.stderr


@FUNCTIONS
def test_a_cold_start_imports_nothing_that_costs_more_than_it_gives(assets: Assets, function: Function) -> None:
    modules = _imported(assets, function)["modules"]
    packages = {name.partition(".")[0] for name in modules}

    assert not packages & {"aws_xray_sdk", "boto3", "s3transfer", "requests", "jinja2", "email_validator"}
    assert "starlette.testclient" not in modules
    assert "dns" not in packages
    if function.name == "ingest":
        assert not packages & {"fastapi", "starlette", "pydantic", "pynamodb", "mangum"}
    if function.trigger:
        assert not packages & {"fastapi", "starlette", "mangum"}, "nobody sends it requests"


_CEILINGS = {
    "campaigns": (600, 236),  # whom campaigns mean: lists, segments, and cohorts of the log of events
    "campaign_sender": (365, 173),  # the same, and mail
    "alert_worker": (430, 121),  # httpx, for Slack
    "report_worker": (375, 121),
    "business": (360, 161),  # webinars, bookings and whitepapers: one worker
    "question_jobs": (365, 151),  # zones stand apart from ranges, for who checks one alone
    "social_publisher": (375, 109),  # asyncio, and media
    # asyncio; bots with leads and audience: whom they meet, and who will not be written to
    "conversations": (390, 196),
    "ingest": (90, 85),  # identifiers stand in `personal_data` now
    "webhook_sender": (370, 60),  # asyncio, 30 modules: a batch's deliveries are made side by side
}


@FUNCTIONS
def test_a_cold_start_imports_no_more_modules_than_it_used_to(assets: Assets, function: Function) -> None:
    """Every module is paid for in each cold start: raise a ceiling knowingly. Ours are small, a library's add up."""
    modules = _imported(assets, function)["modules"]
    ours = [name for name in modules if name.partition(".")[0] in {"groundswell", "functions"}]
    of_libraries, of_ours = _CEILINGS.get(function.name, (600, 205) if function.routes else (365, 150))

    assert len(modules) - len(ours) <= of_libraries
    assert len(ours) <= of_ours


def _imported(assets: Assets, function: Function) -> dict[str, list[str]]:
    """What importing the handler brings in, in a process with nothing but the assets on its path; once per function."""
    if function.name not in assets.imports:
        assets.imports[function.name] = _import(assets, function)
    return assets.imports[function.name]


def _import(assets: Assets, function: Function) -> dict[str, list[str]]:
    layers = [assets.layer(name) / "python" for name in function.layers]
    path = [assets.function(function.name), assets.own / "python", *layers]
    environment = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "x"}
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-B",
            "-c",
            PROBE,
            f"functions.{function.name}.handler",
            json.dumps([*map(str, path)]),
        ],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    imports: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return imports


def test_layers_and_the_largest_function_weigh_less_than_three_quarters_of_the_naive_package(
    assets: Assets, arm_layer: Path
) -> None:
    """0.55 before pages, mails, calendars and name servers: what few functions import is to go into layers of its own
    (`Function.layers`)."""
    functions = [_zipped(assets.function(function.name)) for function in catalogue.FUNCTIONS]

    assert _zipped(arm_layer) + _zipped(assets.own) + max(functions) <= 0.70 * NAIVE_ZIP_BYTES


def _zipped(folder: Path) -> int:
    archive = folder.parent / f"{folder.name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in _files(folder):
            out.write(path, path.relative_to(folder))
    return archive.stat().st_size


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_no_library_carries_debugging_symbols(arm_layer: Path) -> None:
    for library in arm_layer.rglob("*.so"):
        content = library.read_bytes()
        assert [section for section in _debug_sections(content) if any(content[section[0] : sum(section)])] == []


def test_the_layer_for_arm_has_no_library_of_another_machine(arm_layer: Path) -> None:
    libraries = list(arm_layer.rglob("*.so"))

    assert libraries
    for library in libraries:
        machine = int.from_bytes(library.read_bytes()[18:20], "little")  # e_machine of an ELF header
        assert machine == 0xB7, f"{library.name} is not for AArch64"


def test_the_same_sources_make_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed, name in (("1", "first"), ("2", "second")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        build.build_own(tmp_path / name)

    assert _contents(tmp_path / "first") == _contents(tmp_path / "second")


def _contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(folder)}


def test_an_asset_is_named_anew_when_a_source_changes_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.packaging.assets.ROOT", tmp_path)
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.py").write_text("1")
    before = _digest("name", [source])

    (source / "__pycache__").mkdir()
    (source / "__pycache__/a.pyc").write_text("compiled")
    assert _digest("name", [source]) == before
    shutil.copy(source / "a.py", source / "b.py")
    renamed = _digest("name", [source])
    (source / "b.py").write_text("2")

    assert len({before, renamed, _digest("name", [source]), _digest("other", [source])}) == 4


def test_another_python_than_lambdas_does_not_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))

    with pytest.raises(RuntimeError, match=r"package with Python 3\.13"):
        compile_tree(tmp_path, "/opt")

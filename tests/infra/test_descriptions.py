"""What is left of botocore's descriptions in the layer."""

import gzip
import json
import os
from pathlib import Path

import pytest

from infra.packaging.descriptions import slim

MODEL = {
    "metadata": {"endpointPrefix": "email"},
    "documentation": "<p>prose</p>",
    "shapes": {"Item": {"members": {"documentation": {"shape": "Text", "documentation": "<p>prose</p>"}}}},
}
ENDPOINTS = {"partitions": [{"partition": "aws", "regions": {"eu-west-1": {}}, "services": {"email": {}, "ec2": {}}}]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    model = tmp_path / "sesv2/2019-09-27/service-2.json.gz"
    model.parent.mkdir(parents=True)
    model.write_bytes(gzip.compress(json.dumps(MODEL).encode()))
    (tmp_path / "endpoints.json").write_text(json.dumps(ENDPOINTS))
    return tmp_path


def test_only_the_endpoints_of_called_services_are_kept(data: Path) -> None:
    slim(data, {"sesv2"})
    (partition,) = json.loads((data / "endpoints.json").read_bytes())["partitions"]
    assert partition == {"partition": "aws", "regions": {"eu-west-1": {}}, "services": {"email": {}}}


def test_a_model_loses_its_prose_but_no_member_of_that_name(data: Path) -> None:
    slim(data, {"sesv2"})
    model = json.loads(gzip.decompress((data / "sesv2/2019-09-27/service-2.json.gz").read_bytes()))
    assert model == {
        "metadata": {"endpointPrefix": "email"},
        "shapes": {"Item": {"members": {"documentation": {"shape": "Text"}}}},
    }


def test_the_file_that_the_installers_cache_links_to_is_not_written(data: Path) -> None:
    cached = data / "cached.json"
    os.link(data / "endpoints.json", cached)
    slim(data, {"sesv2"})
    assert json.loads(cached.read_bytes()) == ENDPOINTS


def test_the_same_input_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    original = (data / "sesv2/2019-09-27/service-2.json.gz").read_bytes()
    slim(data, {"sesv2"})
    first = (data / "sesv2/2019-09-27/service-2.json.gz").read_bytes()
    (data / "sesv2/2019-09-27/service-2.json.gz").write_bytes(original)
    slim(data, {"sesv2"})
    assert (data / "sesv2/2019-09-27/service-2.json.gz").read_bytes() == first

"""botocore's descriptions of AWS as they are packaged: less to parse, and all that functions call."""

import shutil
from pathlib import Path

import botocore
import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.session import get_session
from botocore.stub import Stubber

from infra import catalogue
from infra.packaging.descriptions import OPERATIONS, slim

WHOLE = Path(botocore.__file__).parent / "data"


@pytest.fixture(scope="module")
def slimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("botocore") / "data"
    data.mkdir()
    for file in WHOLE.glob("*.json"):
        shutil.copy(file, data)
    shutil.copytree(WHOLE / "dynamodb", data / "dynamodb")
    slim(data, ["dynamodb"])
    return data


def model(data: Path) -> ServiceModel:
    loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    return ServiceModel(loader.load_service_model("dynamodb", "service-2"), "dynamodb")


def test_whatever_a_function_may_do_is_described() -> None:
    granted = {action for function in catalogue.FUNCTIONS for grant in function.grants for action in grant.actions}

    assert granted & set(model(WHOLE).operation_names) <= OPERATIONS["dynamodb"]
    assert set(model(WHOLE).operation_names) >= OPERATIONS["dynamodb"]


def test_an_operation_that_is_left_has_every_shape_that_it_had(slimmed: Path) -> None:
    before, after = model(WHOLE), model(slimmed)

    assert set(after.operation_names) == OPERATIONS["dynamodb"]
    assert len(after.shape_names) < len(before.shape_names) / 2
    for name in after.operation_names:
        assert spelled(after.operation_model(name)) == spelled(before.operation_model(name))


def spelled(operation: OperationModel) -> set[str]:
    """Every path to a value in what it takes and answers, and its errors."""
    errors = {error.name for error in operation.error_shapes}
    return paths(operation.input_shape, ()) | paths(operation.output_shape, ()) | errors


def paths(shape: object, above: tuple[str, ...]) -> set[str]:
    name = getattr(shape, "name", "")
    if not name or name in above:
        return {name}
    inner = [*getattr(shape, "members", {}).values(), getattr(shape, "member", None), getattr(shape, "value", None)]
    return {f"{name}.{path}" for child in inner if child is not None for path in paths(child, (*above, name))} | {name}


def test_a_client_of_them_works(slimmed: Path) -> None:
    session = get_session()
    session.register_component(
        "data_loader", Loader(extra_search_paths=[str(slimmed)], include_default_search_paths=False)
    )
    client = session.create_client("dynamodb", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as aws:
        aws.add_client_error("put_item", "ConditionalCheckFailedException")

        with pytest.raises(client.exceptions.ConditionalCheckFailedException):
            client.put_item(TableName="t", Item={"pk": {"S": "a"}})

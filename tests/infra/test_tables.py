from typing import Any

import pytest

from groundswell.storage.core import CoreItem
from infra import catalogue
from infra.declarations import Table
from tests.infra.synthesis import Resource, Synthesis

TABLES = pytest.mark.parametrize("table", catalogue.TABLES, ids=lambda table: table.name)


def _table(synthesis: Synthesis, table: Table) -> Resource:
    [resource] = [
        resource
        for resource in synthesis.resources("AWS::DynamoDB::Table")
        if resource.path == f"Data/{table.name.title()}Table"
    ]
    return resource


def _keys(schema: list[dict[str, str]]) -> tuple[str, str]:
    by_kind = {element["KeyType"]: element["AttributeName"] for element in schema}
    return by_kind["HASH"], by_kind["RANGE"]


@TABLES
def test_a_table_has_the_declared_keys_indexes_expiry_and_stream(any_stage: Synthesis, table: Table) -> None:
    properties = _table(any_stage, table).properties

    assert _keys(properties["KeySchema"]) == (table.pk, table.sk)
    assert _indexes(properties) == {index.name: (index.pk, index.sk) for index in table.indexes}
    assert {definition["AttributeType"] for definition in properties["AttributeDefinitions"]} == {"S"}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": table.ttl, "Enabled": True}
    assert properties.get("StreamSpecification") == ({"StreamViewType": "NEW_IMAGE"} if table.stream else None)


def _indexes(properties: dict[str, Any]) -> dict[str, tuple[str, str]]:
    indexes = properties.get("GlobalSecondaryIndexes", [])
    assert all(index["Projection"] == {"ProjectionType": "ALL"} for index in indexes)
    return {index["IndexName"]: _keys(index["KeySchema"]) for index in indexes}


def test_the_core_table_is_what_its_items_say() -> None:
    schema = CoreItem._get_schema()
    core = catalogue.table("core")

    assert _keys(schema["key_schema"]) == (core.pk, core.sk)
    assert {index["index_name"]: _keys(index["key_schema"]) for index in schema["global_secondary_indexes"]} == {
        index.name: (index.pk, index.sk) for index in core.indexes
    }
    assert core.ttl in {attribute.attr_name for attribute in CoreItem.get_attributes().values()}


@TABLES
def test_a_table_is_billed_by_request(any_stage: Synthesis, table: Table) -> None:
    assert _table(any_stage, table).properties["BillingMode"] == "PAY_PER_REQUEST"


@TABLES
def test_what_must_not_be_lost_is_kept_where_the_stage_keeps_data(any_stage: Synthesis, table: Table) -> None:
    resource = _table(any_stage, table)
    kept = table.kept and any_stage.stage.keep_data

    recovery = resource.properties["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": kept}
    assert resource.properties["DeletionProtectionEnabled"] is kept
    policies = resource.body["DeletionPolicy"], resource.body["UpdateReplacePolicy"]
    assert policies == (("RetainExceptOnCreate", "Retain") if kept else ("Delete", "Delete"))


def test_staging_and_prod_keep_their_data_and_the_others_none(
    dev: Synthesis, staging: Synthesis, prod: Synthesis, local: Synthesis
) -> None:
    assert [synthesis.stage.keep_data for synthesis in (dev, staging, prod, local)] == [False, True, True, False]
    assert {table.name for table in catalogue.TABLES if not table.kept} == {"ephemeral"}


@TABLES
def test_every_table_is_encrypted_and_kept_ones_with_a_key_of_ours(any_stage: Synthesis, table: Table) -> None:
    properties = _table(any_stage, table).properties
    encryption = properties["SSESpecification"]
    kept = table.kept and any_stage.stage.keep_data

    assert encryption["SSEEnabled"] is True
    assert ("KMSMasterKeyId" in encryption) is kept


def test_the_key_rotates_survives_and_is_used_through_dynamodb_only(prod: Synthesis) -> None:
    [key] = [resource for resource in prod.resources("AWS::KMS::Key") if resource.path == "Data/TableKey"]
    own, through_dynamodb = key.properties["KeyPolicy"]["Statement"]

    assert key.properties["EnableKeyRotation"] is True
    assert key.body["DeletionPolicy"] == "RetainExceptOnCreate"
    assert prod.words("Data", own["Principal"]["AWS"]) == "arn:aws:iam::${AWS::AccountId}:root"
    conditions = through_dynamodb["Condition"]["StringEquals"]
    assert prod.words("Data", conditions["kms:ViaService"]) == "dynamodb.${AWS::Region}.${AWS::URLSuffix}"
    assert prod.words("Data", conditions["kms:CallerAccount"]) == "${AWS::AccountId}"
    assert "kms:*" not in through_dynamodb["Action"]


def test_a_stage_that_keeps_no_data_pays_for_no_key_to_its_tables(dev: Synthesis, local: Synthesis) -> None:
    for synthesis in (dev, local):
        assert "Data/TableKey" not in {resource.path for resource in synthesis.everything()}


def test_secrets_are_generated_where_they_are_kept(any_stage: Synthesis) -> None:
    for secret in any_stage.resources("AWS::SecretsManager::Secret"):
        assert "SecretString" not in secret.properties
        assert secret.properties["GenerateSecretString"]["PasswordLength"] >= 64


def test_the_tables_names_are_outputs(any_stage: Synthesis) -> None:
    outputs = any_stage.outputs("Data")

    for table in catalogue.TABLES:
        assert outputs[f"Table{table.name.title()}"] == f"Data/{table.name.title()}Table"


def test_a_first_deployment_that_fails_leaves_nothing_behind_that_the_next_would_meet(any_stage: Synthesis) -> None:
    """`Retain` would: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""
    assert [
        resource.path for resource in any_stage.everything() if resource.body.get("DeletionPolicy") == "Retain"
    ] == []

from typing import Any

import pytest

from groundswell.events.archiver.lake import Packed
from groundswell.events.archiver.layout import COLUMNS
from groundswell.events.eventlog.model import Log
from infra import catalogue
from infra.declarations import Bucket
from tests.fakes.lake import FakeLake
from tests.infra.synthesis import Resource, Synthesis

BUCKETS = pytest.mark.parametrize("bucket", catalogue.BUCKETS, ids=lambda bucket: bucket.name)


def _bucket(synthesis: Synthesis, bucket: Bucket) -> Resource:
    path = f"Data/{bucket.name.title()}Bucket"
    [resource] = [resource for resource in synthesis.resources("AWS::S3::Bucket") if resource.path == path]
    return resource


def _rule(synthesis: Synthesis, bucket: Bucket) -> dict[str, Any]:
    [rule] = _bucket(synthesis, bucket).properties["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    lifecycle_rule: dict[str, Any] = rule
    return lifecycle_rule


@BUCKETS
def test_a_bucket_is_private_and_encrypted(any_stage: Synthesis, bucket: Bucket) -> None:
    properties = _bucket(any_stage, bucket).properties

    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    [encryption] = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@BUCKETS
def test_a_bucket_refuses_plain_http_where_there_is_tls(prod: Synthesis, bucket: Bucket) -> None:
    path = f"Data/{bucket.name.title()}Bucket/Policy"
    [policy] = [resource for resource in prod.resources("AWS::S3::BucketPolicy") if resource.path == path]
    conditions = [statement["Condition"] for statement in policy.properties["PolicyDocument"]["Statement"]]

    assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
    assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions
    assert {statement["Effect"] for statement in policy.properties["PolicyDocument"]["Statement"]} == {"Deny"}


@BUCKETS
def test_a_kept_bucket_survives_its_stack_where_the_stage_keeps_data(any_stage: Synthesis, bucket: Bucket) -> None:
    body = _bucket(any_stage, bucket).body
    kept = bucket.kept and any_stage.stage.keep_data

    policies = body["DeletionPolicy"], body["UpdateReplacePolicy"]
    assert policies == (("RetainExceptOnCreate", "Retain") if kept else ("Delete", "Delete"))


@BUCKETS
def test_what_is_erased_from_a_bucket_is_gone(any_stage: Synthesis, bucket: Bucket) -> None:
    assert "VersioningConfiguration" not in _bucket(any_stage, bucket).properties


@BUCKETS
def test_objects_expire_as_declared(any_stage: Synthesis, bucket: Bucket) -> None:
    rule = _rule(any_stage, bucket)

    assert rule.get("ExpirationInDays") == bucket.expire_days
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


def test_the_archive_gets_cold_where_data_is_kept(prod: Synthesis, dev: Synthesis) -> None:
    [archive] = [bucket for bucket in catalogue.BUCKETS if bucket.name == "archive"]

    assert _rule(prod, archive)["Transitions"] == [{"StorageClass": "GLACIER_IR", "TransitionInDays": 90}]
    assert "Transitions" not in _rule(dev, archive)
    assert "ExpirationInDays" not in _rule(prod, archive)


def test_athena_finds_every_column_where_the_archiver_puts_it(prod: Synthesis) -> None:
    [table] = prod.resources("AWS::Glue::Table")
    described = table.properties["TableInput"]
    columns = {column["Name"]: column["Type"] for column in described["StorageDescriptor"]["Columns"]}
    kinds = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int", "BLOB": "binary"}
    template = prod.words("Data", described["Parameters"]["storage.location.template"])

    assert columns == {name: kinds[kind] for name, (kind, _) in COLUMNS.items()}
    assert "Parquet" in described["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"]
    assert [key["Name"] for key in described["PartitionKeys"]] == ["client_id", "day"]
    place = template.partition("/events/")[2].replace("${client_id}", "c").replace("${day}", "2026-11-22")
    lake = FakeLake()
    assert lake.put(Log("c", "0"), "2026-11-22", Packed(b"", 0, "", "")).name.startswith(f"events/{place}")
    assert described["Parameters"]["projection.client_id.type"] == "injected", "a query names its client"


def test_answers_of_queries_are_encrypted_and_expire_with_the_exports(prod: Synthesis, local: Synthesis) -> None:
    [group] = prod.resources("AWS::Athena::WorkGroup")
    settings = group.properties["WorkGroupConfiguration"]
    answers = settings["ResultConfiguration"]

    assert settings["EnforceWorkGroupConfiguration"] is True
    assert answers["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}
    assert "ExportsBucket" in prod.words("Data", answers["OutputLocation"])
    assert local.resources("AWS::Glue::Table") == local.resources("AWS::Athena::WorkGroup") == []

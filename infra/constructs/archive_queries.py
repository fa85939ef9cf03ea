"""What Athena knows of the archive: one table over its objects, and a workgroup that may be used to ask."""

from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from groundswell.events.archiver import layout
from infra.stage import Stage

# The columns of `groundswell.events.archiver.layout`; JSON parts are text: `json_extract_scalar(properties, '$.plan')`
_KINDS = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int", "BLOB": "binary"}
COLUMNS = {name: _KINDS[kind] for name, (kind, _) in layout.COLUMNS.items()}
MOST_BYTES = 1024**4  # that one query may read: 5 dollars' worth


class ArchiveQueries(Construct):
    """Partitions are computed from the query, so nobody has to add one a day. Each query names its client, by
    `client_id = '…'`: without it Athena refuses. Answers lie in the bucket of exports, for as long as these."""

    def __init__(
        self, scope: Construct, construct_id: str, stage: Stage, archive: s3.IBucket, answers: s3.IBucket
    ) -> None:
        super().__init__(scope, construct_id)
        name = stage.physical_name("archive").replace("-", "_")
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Aws.ACCOUNT_ID,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=name, description="Counted events, for years"),
        )
        table = glue.CfnTable(
            self,
            "Events",
            catalog_id=Aws.ACCOUNT_ID,
            database_name=name,
            table_input=glue.CfnTable.TableInputProperty(
                name="events",
                table_type="EXTERNAL_TABLE",
                parameters=_projection(archive),
                partition_keys=[_column("client_id", "string"), _column("day", "string")],
                storage_descriptor=_storage(archive),
            ),
        )
        table.add_dependency(database)
        self._make_workgroup(stage, answers)

    def _make_workgroup(self, stage: Stage, answers: s3.IBucket) -> None:
        athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=stage.physical_name("archive"),
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=MOST_BYTES,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=answers.s3_url_for_object("athena/"),
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_S3"
                    ),
                ),
            ),
        )


def _projection(archive: s3.IBucket) -> dict[str, Any]:
    return {
        "classification": "parquet",
        "projection.enabled": "true",
        "projection.client_id.type": "injected",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": "1970-01-01,NOW+2DAYS",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
        "storage.location.template": archive.s3_url_for_object("events/client_id=${client_id}/day=${day}/"),
    }


def _storage(archive: s3.IBucket) -> glue.CfnTable.StorageDescriptorProperty:
    return glue.CfnTable.StorageDescriptorProperty(
        location=archive.s3_url_for_object("events/"),
        input_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        output_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        serde_info=glue.CfnTable.SerdeInfoProperty(
            serialization_library="org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
        ),
        columns=[_column(name, kind) for name, kind in COLUMNS.items()],
    )


def _column(name: str, kind: str) -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(name=name, type=kind)

"""The archive of this stage."""

from groundswell.events.archiver.lake import Lake
from groundswell.events.archiver.store import DynamoPointers, S3Objects
from groundswell.kernel.ids import new_id
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import bucket_name, table_name


def lake() -> Lake:
    return Lake(DynamoPointers(dynamodb(), table_name("events")), S3Objects(s3(), bucket_name("archive")), new_id)

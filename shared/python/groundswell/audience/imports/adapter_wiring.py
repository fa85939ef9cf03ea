"""Imports, put together. A function that uses them has the table `core` and the buckets `exports` and `uploads`."""

from functools import cache

from groundswell.audience.adapter_wiring import operations
from groundswell.audience.imports.service import ImportService
from groundswell.audience.imports.store import S3ImportFiles
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.storage.client import s3


@cache
def imports() -> ImportService:
    return ImportService(S3ImportFiles(s3()), operations(), utc_now, new_id)

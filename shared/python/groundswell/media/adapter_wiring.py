"""The process's media. A function that uses them is granted the secret `links`, the buckets `media` and `uploads` as
far as it needs them, and the setting `PUBLIC_URL`."""

import os
from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links
from groundswell.media.adapter_objects import S3Media
from groundswell.media.service import MediaService
from groundswell.media.store import DynamoMediaStore


@cache
def media() -> MediaService:
    return MediaService(DynamoMediaStore(), S3Media(), links(), os.environ["PUBLIC_URL"].rstrip("/"), utc_now, new_id)

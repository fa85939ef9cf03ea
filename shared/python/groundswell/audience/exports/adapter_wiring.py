"""Links to files, put together. A function that uses them has the secret `links` and the bucket `exports`."""

from functools import cache

from groundswell.audience.exports.store import S3LeadFiles
from groundswell.audience.files import FileLinks
from groundswell.kernel.clock import utc_now
from groundswell.links.adapter_wiring import links
from groundswell.storage.client import s3


@cache
def file_links() -> FileLinks:
    return FileLinks(links(), S3LeadFiles(s3()), utc_now)

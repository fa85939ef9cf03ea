"""Files in S3: `media` has what is kept, `uploads` what browsers sent and nobody has looked at yet."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from groundswell.kernel.errors import PreconditionFailed
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CHUNK = 1024 * 1024
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Media:
    @cached_property
    def _client(self) -> "S3Client":
        return s3()

    def put(self, name: str, data: bytes, mime: str) -> None:
        self._client.put_object(Bucket=bucket_name("media"), Key=name, Body=data, ContentType=mime)

    def read(self, name: str) -> bytes:
        return self._client.get_object(Bucket=bucket_name("media"), Key=name)["Body"].read()

    def delete(self, name: str) -> None:
        for bucket in ("media", "uploads"):
            self._client.delete_object(Bucket=bucket_name(bucket), Key=name)

    def link(self, name: str, seconds: int, mime: str, disposition: str) -> str:
        params = {
            "Bucket": bucket_name("media"),
            "Key": name,
            "ResponseContentType": mime,
            "ResponseContentDisposition": disposition,
            "ResponseCacheControl": "private, max-age=300",
        }
        return self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)

    def form(self, name: str, mime: str, size: int, open_for: timedelta) -> tuple[str, Mapping[str, str]]:
        """S3 itself takes no other size and no other type."""
        form = self._client.generate_presigned_post(
            bucket_name("uploads"),
            name,
            Fields={"Content-Type": mime},
            Conditions=[{"Content-Type": mime}, ["content-length-range", size, size]],
            ExpiresIn=int(open_for.total_seconds()),
        )
        return form["url"], form["fields"]

    def uploaded(self, name: str) -> "S3Upload | None":
        try:
            head = self._client.head_object(Bucket=bucket_name("uploads"), Key=name)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return S3Upload(self._client, name, head["ContentLength"], head["ETag"])


class S3Upload:
    """One version of what was uploaded: S3 refuses to read or copy another one."""

    def __init__(self, client: "S3Client", name: str, size: int, etag: str) -> None:
        self._client = client
        self._name = name
        self._etag = etag
        self.size = size

    def read(self, offset: int, length: int) -> bytes:
        if not length or offset >= self.size:
            return b""
        part: bytes = self._get(Range=f"bytes={offset}-{min(offset + length, self.size) - 1}")["Body"].read()
        return part

    def chunks(self) -> Iterator[bytes]:
        yield from self._get()["Body"].iter_chunks(_CHUNK)

    def keep(self, name: str, mime: str) -> None:
        self._client.copy_object(
            Bucket=bucket_name("media"),
            Key=name,
            CopySource={"Bucket": bucket_name("uploads"), "Key": self._name},
            CopySourceIfMatch=self._etag,
            ContentType=mime,
            MetadataDirective="REPLACE",
        )

    def _get(self, **more: Any) -> Any:
        try:
            return self._client.get_object(Bucket=bucket_name("uploads"), Key=self._name, IfMatch=self._etag, **more)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"PreconditionFailed", "412"}:
                raise PreconditionFailed("Another file was uploaded meanwhile: complete it again") from error
            raise

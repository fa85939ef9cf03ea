"""Files of exports in S3."""

from typing import IO

from groundswell.events.archiver.store import S3Objects


class S3Files(S3Objects):
    def put_file(self, name: str, file: IO[bytes]) -> None:
        self._client.put_object(Bucket=self._bucket, Key=name, Body=file, ContentType="application/zip")

    def link(self, name: str, seconds: int, file_name: str) -> str:
        parameters = {
            "Bucket": self._bucket,
            "Key": name,
            "ResponseContentType": "application/zip",
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
            "ResponseCacheControl": "no-store",
        }
        return self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)

"""Wire shapes of imports."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints

from groundswell.http.schema import In, Out, Time

Title = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Target = Annotated[str, StringConstraints(max_length=200)]
Mapping = Literal["auto"] | Annotated[dict[Title, Target | None], Field(min_length=1, max_length=250)]


class StartIn(In):
    """What the query may say as well: `mapping` is `auto`, or fields of leads by the titles of columns."""

    mapping: Mapping | None = None
    dry_run: StrictBool | None = None
    client_id: str | None = None


class AnnounceIn(In):
    """A file that is posted to S3: `POST /leads/import/{id}/start` imports it then."""

    upload: Literal[True]
    client_id: str | None = None


class UploadOut(Out):
    """Post `fields` and then the file, as `file`, to `url` as multipart/form-data."""

    url: str
    fields: dict[str, str]
    expires_at: Time


class AnnouncedOut(Out):
    id: str
    upload: UploadOut

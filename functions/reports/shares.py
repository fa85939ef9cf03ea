"""Wire shapes of links that show a report to whoever has them."""

from pydantic import Field

from groundswell.http.schema import In, Out, Time
from groundswell.http.timestamps import Timestamp
from groundswell.reports.saved import Share


class ShareIn(In):
    expires_at: Timestamp | None = Field(default=None, description="In 14 days if absent")
    client_id: str | None = None


class ShareOut(Out):
    id: str
    report_id: str
    url: str
    expires_at: Time
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def share_out(share: Share, url: str) -> ShareOut:
    shown = {name: getattr(share, name) for name in ShareOut.model_fields if hasattr(share, name)}
    return ShareOut(**shown, url=url, expires_at=share.ends_at)

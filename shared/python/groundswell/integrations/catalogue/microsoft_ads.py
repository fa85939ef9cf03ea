"""Microsoft Advertising v13: a report is submitted, polled, and downloaded as zipped CSV.

https://learn.microsoft.com/advertising/reporting-service/reporting-service-reference
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from groundswell.integrations.catalogue.signing import need, with_headers
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS
from groundswell.integrations.platform import Account, At, Call, Credentials, Field, OAuth, Platform, Steps, Stream
from groundswell.integrations.problems import Problem, Reply, extract

_COLUMNS = [
    "TimePeriod",
    "AccountId",
    "CampaignId",
    "CampaignName",
    "CurrencyCode",
    "Spend",
    "Impressions",
    "Clicks",
    "Conversions",
    "Revenue",
]
_EXPIRED, _THROTTLED = frozenset({105, 109}), 117
_UNZIPPED_AT_MOST = 100_000_000


def classify(reply: Reply, content: Any) -> Problem | None:
    """By the codes of `OperationErrors`, or of `Errors` where the credentials are at fault."""
    errors = extract("[OperationErrors, Errors, BatchErrors][][]", content) if isinstance(content, dict) else None
    first = next((error for error in errors or [] if isinstance(error, dict)), None)
    if first is None:
        return None
    words, code = str(first.get("Message", "")), first.get("Code")
    if code in _EXPIRED:
        return Problem("auth", words)
    return Problem("throttled" if code == _THROTTLED else "bad_request", words)


def sign(call: Call, credentials: Credentials) -> Call:
    return with_headers(
        call,
        authorization=f"Bearer {need(credentials, 'access_token')}",
        developertoken=credentials.get("developer_token", ""),
        customerid=credentials.get("customer_id", ""),
    )


def _submit(at: At) -> Call:
    time = {f"CustomDateRange{name}": _date(day) for name, day in (("Start", at.first), ("End", at.last))}
    request = {
        "Type": "CampaignPerformanceReportRequest",
        "ReportName": "Campaigns by day",
        "Format": "Csv",
        "FormatVersion": "2.0",
        "ExcludeReportHeader": True,
        "ExcludeReportFooter": True,
        "Aggregation": "Daily",
        "Columns": _COLUMNS,
        "Scope": {"AccountIds": [at.account.id]},
        "Time": time,
    }
    headers = {"customeraccountid": at.account.id}
    return Call("POST", "/GenerateReport/Submit", headers=headers, body={"ReportRequest": request})


def _date(day: Any) -> dict[str, int]:
    return {"Day": day.day, "Month": day.month, "Year": day.year}


def _poll(at: At, handle: str) -> Call:
    headers = {"customeraccountid": at.account.id}
    return Call("POST", "/GenerateReport/Poll", headers=headers, body={"ReportRequestId": handle})


def _ready(content: Any) -> str | None:
    """Empty where there is nothing to report. Raises Problem for a report that cannot be made."""
    status = content.get("ReportRequestStatus") or {}
    if status.get("Status") == "Error":
        raise Problem("bad_request", "the report could not be made")
    return (status.get("ReportDownloadUrl") or "") if status.get("Status") == "Success" else None


def _unpack(body: bytes) -> Sequence[Any]:
    """Raises Problem."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entry = archive.infolist()[0]
            if entry.file_size > _UNZIPPED_AT_MOST:
                raise Problem("bad_request", "the report is too large")
            text = archive.read(entry).decode("utf-8-sig")
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError) as error:
        raise Problem("transient", "the report is no zipped CSV") from error
    return list(csv.DictReader(io.StringIO(text)))


PLATFORM = Platform(
    name="microsoft_ads",
    title="Microsoft Advertising",
    category="ads",
    auth="oauth2",
    url="https://reporting.api.bingads.microsoft.com",
    prefix="/Reporting/v13",
    credentials=(
        *OAUTH_TOKENS,
        Field("developer_token", "Developer token", required=False),
        Field("customer_id", "Customer id", secret=False, required=False),
        Field("account_id", "Account id", secret=False),
    ),
    sign=sign,
    classify=classify,
    message="OperationErrors[0].Message || Errors[0].Message || error_description",
    probe=_submit,
    account=lambda credentials: Account(credentials.get("account_id", "")),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            _submit,
            "@",
            {
                "date": "TimePeriod",
                "campaign_id": "CampaignId",
                "campaign": "CampaignName",
                "spend": "Spend",
                "currency": "CurrencyCode",
                "impressions": "Impressions",
                "clicks": "Clicks",
                "conversions": "Conversions",
                "revenue": "Revenue",
            },
            window_days=30,
            steps=Steps("ReportRequestId", _poll, _ready, _unpack),
        ),
    ),
    oauth=OAuth(
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "/common/oauth2/v2.0/token",
        "https://ads.microsoft.com/msads.manage offline_access",
        "https://login.microsoftonline.com",
    ),
)

"""What is turned away before any function looks at it: requests that walked around CloudFront and its firewall.

The API Gateways behind CloudFront have public addresses that cannot be hidden. Where no CloudFront stands before us,
everybody comes in.
"""

import json
from collections.abc import Mapping
from typing import Any

from groundswell.http.caller import SECRET_HEADER, came_through_cloudfront, stands_behind_cloudfront
from groundswell.http.headers import NO_STORE, SECURITY
from groundswell.http.problem import MEDIA_TYPE, problem
from groundswell.kernel.ids import new_id


def reject_bypass(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer to a request (payload 1.0 or 2.0) that did not come through CloudFront where it must; else None."""
    if not stands_behind_cloudfront() or came_through_cloudfront(_secret_header(event)):
        return None
    request_id = new_id()
    body = problem(
        403,
        "FORBIDDEN",
        "Call the API by its public URL: it does not answer at this one",
        instance=event.get("rawPath") or event.get("path") or "/",
        request_id=request_id,
    )
    headers = dict((*SECURITY, NO_STORE, ("content-type", MEDIA_TYPE), ("x-request-id", request_id)))
    return {"statusCode": 403, "headers": headers, "body": json.dumps(body), "isBase64Encoded": False}


def _secret_header(event: Mapping[str, Any]) -> Mapping[str, str]:
    """REST APIs leave the case of names as it came."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return {name.lower(): value for name, value in headers.items() if name.lower() == SECRET_HEADER}

"""The access log line of both APIs, as JSON.

The route instead of the path and no query string: paths and queries carry signed links, e-mail addresses and keys.
"""

import json
from typing import Literal

_COMMON = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "status": "$context.status",
    "responseBytes": "$context.responseLength",
    "latencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "integrationError": "$context.integrationErrorMessage",
}
_ROUTE = {"http": "$context.routeKey", "rest": "$context.resourcePath"}


def access_log_format(api: Literal["http", "rest"]) -> str:
    return json.dumps({**_COMMON, "route": _ROUTE[api]})

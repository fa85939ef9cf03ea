"""The whole API as one WSGI application: a request goes to the function that owns its path, as in API Gateway."""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from infra import catalogue
from infra.routing import Router
from tests.gateway import Gateway

_ROUTER = Router(function for function in catalogue.FUNCTIONS if function.routes)


class Wsgi:
    """`/openapi.json` is its description."""

    def __init__(self, gateway: Gateway, described: dict[str, Any]) -> None:
        self._gateway = gateway
        self._described = json.dumps(described).encode()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        if path == "/openapi.json":
            start_response("200 OK", [("content-type", "application/json")])
            return [self._described]
        if _ROUTER.match(path) is None:  # as API Gateway answers, without a function
            start_response("404 Not Found", [("content-type", "application/json")])
            return [b'{"message":"Not Found"}']
        target = f"={quote(path)}" + (f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else "")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        answer = self._gateway.call(environ["REQUEST_METHOD"], target, body, headers=headers)
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(answer.headers.items()))
        return [answer.body]

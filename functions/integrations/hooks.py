"""What platforms post to us."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import PlainTextResponse, Response

from functions.integrations import examples
from functions.integrations.schemas import HeardOut
from functions.integrations.wiring import Hooks
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.ratelimit import MINUTE
from groundswell.integrations.hooks import LARGEST
from groundswell.kernel.errors import TooLarge

router = create_router("Integrations")
Platform = Annotated[str, Path(max_length=40)]
Token = Annotated[str, Path(max_length=200, description="The end of `webhook_url`, as GET …/status has it")]

_CHALLENGE = operation("integrations.hook_challenge", limit=(60, MINUTE, "ip"), errors=(404,), open_query=True)
_CHALLENGE["openapi_extra"]["responses"] = {"200": {"content": {"text/plain": {"example": "1158201444"}}}}


@router.post(
    "/hooks/{platform}/{token}",
    **operation("integrations.hook", limit=(600, MINUTE, "ip"), response_example=examples.HEARD, errors=(404, 413)),
)
async def hear(platform: Platform, token: Token, request: Request, hooks: Hooks) -> Envelope[HeardOut]:
    """A platform's event: verified by its signature, taken once. Any other body is 400 `SIGNATURE_INVALID`."""
    body = await request.body()
    if len(body) > LARGEST:
        raise TooLarge
    headers = {name.lower(): value for name, value in request.headers.items()}
    return ok(HeardOut(news=hooks.hear(platform, token, headers, body)))


@router.get(
    "/hooks/{platform}/{token}",
    response_class=PlainTextResponse,
    **_CHALLENGE,
)
async def answer_challenge(platform: Platform, token: Token, request: Request, hooks: Hooks) -> Response:
    """Meta's question whether the address is ours: its challenge comes back where `hub.verify_token` is right."""
    return PlainTextResponse(hooks.challenge(platform, token, dict(request.query_params)))

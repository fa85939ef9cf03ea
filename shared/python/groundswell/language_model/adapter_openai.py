"""Chat completions as OpenAI defines them, at `OPENAI_URL`: OpenAI itself or anything that speaks its protocol."""

from collections.abc import Mapping
from typing import Any, cast

from groundswell.kernel.errors import Unavailable
from groundswell.language_model.model import Call, Completion, KeyRefused, ModelUnreachable
from groundswell.language_model.prompt import tokens_at_most
from groundswell.language_model.stream import OnText, TextSoFar, whole
from groundswell.observability.log import log
from groundswell.outbound.adapter_vendor import VendorAnswer, VendorClient

_OPTIONAL = {
    "temperature": "temperature",
    "response_format": "response_format",
    "max_completion_tokens": "max_tokens",
    "stream": "stream",
    "stream_options": "stream_options",
}
"""What a model may refuse to be told, by its name for it, and what is sent instead (the same name: nothing)."""
_KEY_REFUSED = frozenset({401, 403})
_NO_CREDIT = "insufficient_quota"


class OpenAiVendor:
    def __init__(self, client: VendorClient) -> None:
        self._client = client

    async def complete(self, call: Call, on_text: OnText | None = None) -> Completion:
        """Raises ModelUnreachable, KeyRefused."""
        body = _body(call)
        if on_text:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        answer = await self._post(body, on_text)
        while (refused := _refused_parameter(answer)) in _OPTIONAL and refused in body:
            value, other = body.pop(refused), _OPTIONAL[refused]
            if other != refused:
                body[other] = value
            answer = await self._post(body, on_text)
        if not answer.ok:
            raise _failure(call, answer)
        return _completion(call, answer)

    async def _post(self, body: Mapping[str, Any], on_text: OnText | None) -> VendorAnswer:
        listen = (lambda: TextSoFar(on_text)) if on_text else None
        try:
            return await self._client.request("POST", "/chat/completions", body=body, repeatable=True, listen=listen)
        except Unavailable as error:
            raise ModelUnreachable(error.outage.retry_after) from error


def _body(call: Call) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": call.model,
        "messages": list(call.messages),
        "temperature": call.temperature,
        "max_completion_tokens": call.max_tokens,
    }
    if call.form:
        schema = {"name": call.form.name, "strict": True, "schema": call.form.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _error(answer: VendorAnswer) -> Mapping[str, Any]:
    try:
        error = answer.json()["error"]
    except (ValueError, TypeError, KeyError):
        return {}
    return cast("Mapping[str, Any]", error) if isinstance(error, dict) else {}


def _refused_parameter(answer: VendorAnswer) -> str:
    """A model that cannot do what a parameter asks for says which (`param`); we ask again without it."""
    return str(_error(answer).get("param") or "").partition(".")[0] if answer.status == 400 else ""


def _failure(call: Call, answer: VendorAnswer) -> ModelUnreachable:
    code = str(_error(answer).get("code") or _error(answer).get("type") or "")
    log.warning("model refuses", extra={"model": call.model, "status": answer.status, "code": code[:64]})
    if answer.status in _KEY_REFUSED or code == _NO_CREDIT:
        return KeyRefused()
    return ModelUnreachable()


def _completion(call: Call, answer: VendorAnswer) -> Completion:
    try:
        body = whole(answer.body) or answer.json()
        choice = body["choices"][0]
        text = str(choice["message"].get("content") or "")
        usage = body.get("usage") or {}
        return Completion(
            model=str(body.get("model") or call.model),
            text=text,
            finish=str(choice.get("finish_reason") or "stop"),
            refusal=choice["message"].get("refusal"),
            input_tokens=_count(usage.get("prompt_tokens"), tokens_at_most(call.messages)),
            output_tokens=_count(usage.get("completion_tokens"), len(text.encode()) // 2),
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        log.warning("model's answer is none", extra={"model": call.model, "reason": type(error).__name__})
        raise ModelUnreachable from error


def _count(value: object, otherwise: int) -> int:
    """A server that does not count is counted for, rather high."""
    return value if isinstance(value, int) and value >= 0 else otherwise

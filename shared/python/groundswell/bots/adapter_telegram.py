"""The client of Telegram's Bot API. A message is tried once: whoever sends it decides whether it may be sent again."""

from collections.abc import Mapping, Sequence
from typing import Any

from groundswell.bots.telegram import (
    Button,
    Buttons,
    Outcome,
    Sent,
    TelegramRefused,
    TextLink,
    Throttled,
    Unknown,
    WebhookInfo,
    refusal_of,
)
from groundswell.kernel.errors import Overloaded, Unavailable
from groundswell.outbound.adapter_vendor import Vendor, VendorAnswer, VendorClient, vendor_url

NAME = "Telegram"
_NOT_REACHED_SECONDS = 5
UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "business_message",
    "edited_business_message",
)
"""What we ask to be told of."""


class Telegram:
    """One bot. `patience`: seconds for one call with all its attempts. It is used within one event loop."""

    def __init__(self, token: str, *, patience: float = 10.0) -> None:
        self._path = f"/bot{token}/"
        vendor = Vendor(NAME, vendor_url("TELEGRAM_URL"))
        self._once = VendorClient(vendor, attempts=1, patience=patience)
        self._often = VendorClient(vendor, attempts=3, patience=patience)

    async def send_message(
        self,
        chat_id: str | int,
        text: str,
        buttons: Buttons | None = None,
        *,
        business_id: str | None = None,
        links: Sequence[TextLink] = (),
    ) -> Outcome:
        """At most LONGEST_TEXT; `telegram.split_text` makes parts. A group that moved is followed once."""
        body: dict[str, Any] = {"chat_id": chat_id, "text": text}
        if buttons:
            body["reply_markup"] = {"inline_keyboard": [[_button(button) for button in row] for row in buttons]}
        if links:
            body["entities"] = [{"type": "text_link", **vars(link)} for link in links]
        if business_id:
            body["business_connection_id"] = business_id
        outcome = await self._send(body)
        if isinstance(outcome, TelegramRefused) and outcome.moved_to is not None:
            outcome = await self._send({**body, "chat_id": outcome.moved_to})
        return refusal_of(outcome) if isinstance(outcome, TelegramRefused) else outcome

    async def _send(self, body: Mapping[str, Any]) -> Outcome | TelegramRefused:
        try:
            result = await self._call("sendMessage", body, self._once)
        except TelegramRefused as refused:
            return refused
        except Overloaded as full:
            return Throttled(full.outage.retry_after)
        except Unavailable as unavailable:
            return Throttled(_NOT_REACHED_SECONDS) if _never_left(unavailable) else Unknown("no answer")
        number = result.get("message_id") if isinstance(result, dict) else None
        return Sent(number) if isinstance(number, int) else Unknown("an answer without a message")

    async def get_me(self) -> Mapping[str, Any]:
        """Raises TelegramRefused, Unavailable; so do all below."""
        profile: Mapping[str, Any] = await self._call("getMe", {}, self._often, repeatable=True)
        return profile

    async def set_webhook(self, url: str, secret: str) -> None:
        body = {"url": url, "secret_token": secret, "allowed_updates": UPDATES}
        await self._call("setWebhook", body, self._often, repeatable=True)

    async def delete_webhook(self) -> None:
        await self._call("deleteWebhook", {}, self._often, repeatable=True)

    async def webhook_info(self) -> WebhookInfo:
        info = await self._call("getWebhookInfo", {}, self._once, repeatable=True)
        return WebhookInfo(
            str(info.get("url", "")),
            int(info.get("pending_update_count", 0)),
            info.get("last_error_message"),
            info.get("last_error_date"),
            tuple(info.get("allowed_updates", ())),
        )

    async def set_commands(self, commands: Mapping[str, str]) -> None:
        """What people see in the bot's menu: descriptions by command."""
        listed = [{"command": name, "description": text} for name, text in commands.items()]
        await self._call("setMyCommands", {"commands": listed}, self._often, repeatable=True)

    async def answer_callback(self, callback_id: str) -> None:
        """So that the button stops waiting. Too late is no harm: then Telegram refuses."""
        await self._call("answerCallbackQuery", {"callback_query_id": callback_id}, self._often, repeatable=True)

    async def _call(
        self, method: str, body: Mapping[str, Any], client: VendorClient, *, repeatable: bool = False
    ) -> Any:
        answer = await client.request("POST", self._path + method, body=body, repeatable=repeatable)
        return _result(answer)


def _result(answer: VendorAnswer) -> Any:
    try:
        content = answer.json()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise TelegramRefused(answer.status if answer.status >= 400 else 502, f"HTTP {answer.status} without JSON")
    if content.get("ok") is True:
        return content.get("result")
    code = content.get("error_code", answer.status)
    parameters = content.get("parameters")
    raise TelegramRefused(
        code if isinstance(code, int) else answer.status,
        str(content.get("description", f"HTTP {answer.status}"))[:300],
        parameters if isinstance(parameters, dict) else None,
    )


def _never_left(unavailable: Unavailable) -> bool:
    """Whether the request cannot have arrived."""
    import httpx

    return isinstance(unavailable.__cause__, httpx.ConnectError | httpx.ConnectTimeout)


def _button(button: Button) -> dict[str, str]:
    return (
        {"text": button.text, "url": button.url} if button.url else {"text": button.text, "callback_data": button.data}
    )

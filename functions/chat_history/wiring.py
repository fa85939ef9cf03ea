"""What the history works with."""

from typing import Annotated

from groundswell.chat.adapter_wiring import chat_service
from groundswell.chat.service import ChatService
from groundswell.http.provide import provide

Chat = Annotated[ChatService, provide(chat_service)]

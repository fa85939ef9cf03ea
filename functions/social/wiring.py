"""The composition root of the function `social`."""

from functools import cache
from secrets import token_urlsafe
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.media.adapter_wiring import media
from groundswell.social.accounts import AccountService
from groundswell.social.adapter_files import MediaFiles
from groundswell.social.adapter_vault import AccountVault
from groundswell.social.adapter_wiring import networks
from groundswell.social.orders import publish_message
from groundswell.social.service import PostService
from groundswell.social.store import DynamoAccountStore, DynamoPostStore


@cache
def account_service() -> AccountService:
    return AccountService(DynamoAccountStore(), networks(), AccountVault(), utc_now, new_id, lambda: token_urlsafe(48))


@cache
def post_service() -> PostService:
    return PostService(DynamoPostStore(), MediaFiles(media()), publish_message, utc_now, new_id)


Accounts = Annotated[AccountService, provide(account_service)]
Posts = Annotated[PostService, provide(post_service)]

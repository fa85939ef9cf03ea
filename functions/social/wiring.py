"""The composition root of the function `social`."""

import os
from functools import cache
from secrets import token_urlsafe
from typing import Annotated

from groundswell.access.model import Role
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links
from groundswell.media.adapter_wiring import media
from groundswell.social.accounts import AccountService
from groundswell.social.adapter_files import MediaFiles
from groundswell.social.adapter_vault import AccountVault
from groundswell.social.adapter_wiring import networks
from groundswell.social.orders import publish_message
from groundswell.social.service import PostService
from groundswell.social.short_links import PATH
from groundswell.social.store import DynamoAccountStore, DynamoPostStore
from groundswell.tenancy.members.adapter_standing import standings
from groundswell.tenancy.members.store import DynamoTeam

_CODE = 12  # characters of six bits


@cache
def account_service() -> AccountService:
    store, vault = DynamoAccountStore(), AccountVault()
    return AccountService(store, networks(), vault, utc_now, new_id, lambda: token_urlsafe(48), _may_connect)


def _may_connect(by: str, client_id: str) -> bool:
    return standings().may(by, client_id, Role.ADMIN, None)


def short_url(client_id: str, post_id: str, url: str) -> str:
    """Short: it ends with the first 72 bits of a signature over client, post and URL, which nobody guesses."""
    code = links().sign(client_id, "social-post", {"post": post_id, "url": url})[:_CODE]
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}{PATH}/{code}"


@cache
def post_service() -> PostService:
    files = MediaFiles(media())
    return PostService(DynamoPostStore(), files, DynamoTeam(), publish_message, utc_now, new_id, short_url)


Accounts = Annotated[AccountService, provide(account_service)]
Posts = Annotated[PostService, provide(post_service)]

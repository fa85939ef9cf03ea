"""The endpoints of accounts."""

from typing import Annotated, Any

from fastapi import Query, Response
from starlette.responses import RedirectResponse

from functions.social.accounts import examples
from functions.social.accounts.returning import need_own_origin
from functions.social.accounts.schemas import AccountOut, AccountUpdate, AuthorizeOut, ConnectIn, account_out
from functions.social.networks import Named, on_networks
from functions.social.wiring import Accounts
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok, whole_list
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.http.ratelimit import HOUR, MINUTE
from groundswell.kernel.errors import Invalid
from groundswell.tenancy.clients.model import Scope

router = create_router("Social")
_READS: dict[str, Any] = {"scope": Scope.CAMPAIGNS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"errors": (401, 403, 404, 412)}


@on_networks(router, "GET", "/accounts", "accounts.list", response_example=[examples.ACCOUNT], **_READS)
async def list_accounts(who: Viewer, page: OldestFirst, network: Named, accounts: Accounts) -> Listed[AccountOut]:
    """The client's accounts at the network, oldest first: 50 at most."""
    return page.answer_whole(who.client_id, [account_out(account) for account in accounts.list(who.client_id, network)])


@on_networks(
    router,
    "POST",
    "/accounts",
    "accounts.connect",
    limit=(60, HOUR, "user"),
    request_example={},
    response_example=examples.ACCOUNT,
    status=201,
    location="/accounts/{id}",
    errors=(401, 403, 404, 409),
)
async def connect_account(
    body: ConnectIn, who: Admin, network: Named, response: Response, accounts: Accounts
) -> Envelope[AccountOut | AuthorizeOut]:
    """Connect an account. An empty body is answered 200 with `authorize_url`, where its owner lets us in within 15
    minutes. With `credentials` the tokens are tried first; what they may post as becomes an account each, the first of
    which is the answer, and one that was there is renewed."""
    if body.credentials is None:
        need_own_origin(body.return_url, who.client_id)
        url, until = accounts.authorize(who, network, body.return_url)
        response.status_code = 200
        return ok(AuthorizeOut(authorize_url=url, expires_at=until))
    connected = await accounts.connect(who, network, body.credentials.tokens(), body.credentials.network_id)
    account = connected[0]
    tag(response, account.version)
    return created(account_out(account))


@on_networks(
    router,
    "GET",
    "/callback",
    "accounts.callback",
    address_limit=(60, MINUTE),
    response_example=[examples.ACCOUNT],
    errors=(409,),
    open_query=True,
)
async def come_back(
    network: Named,
    accounts: Accounts,
    state: Annotated[str, Query(max_length=200)],
    code: Annotated[str | None, Query(max_length=4096)] = None,
    error: Annotated[str | None, Query(max_length=200, description="Why the network sends no code")] = None,
) -> Any:
    """Where the network sends the browser back to. Answers with the accounts, or goes on to `return_url`."""
    if code is None:
        raise Invalid.on("code", f"the network sent none: {error or 'no reason'}", "denied")
    connected, return_url = await accounts.come_back(network, state, code)
    if return_url:
        return RedirectResponse(return_url, 303)
    return whole_list([account_out(account) for account in connected])


@on_networks(router, "GET", "/accounts/{account_id}", "accounts.get", response_example=examples.ACCOUNT, **_READS)
async def get_account(
    account_id: str, who: Viewer, network: Named, response: Response, accounts: Accounts
) -> Envelope[AccountOut]:
    """One account. Its version is the ETag."""
    account = accounts.get(who.client_id, network, account_id)
    tag(response, account.version)
    return ok(account_out(account))


@on_networks(
    router,
    "PUT+PATCH",
    "/accounts/{account_id}",
    "accounts.update",
    request_example=examples.UPDATE,
    response_example=examples.UPDATED,
    scope=Scope.CAMPAIGNS_WRITE,
    **_CHANGES,
)
async def update_account(
    account_id: str,
    body: AccountUpdate,
    who: Editor,
    network: Named,
    expected: IfMatch,
    response: Response,
    accounts: Accounts,
) -> Envelope[AccountOut]:
    """Set the slots of its queue."""
    if body.queue is None:
        account = accounts.get(who.client_id, network, account_id)
    else:
        account = accounts.change(who, network, account_id, body.queue.queue(), expected)
    tag(response, account.version)
    return ok(account_out(account))


@on_networks(
    router,
    "DELETE",
    "/accounts/{account_id}",
    "accounts.disconnect",
    response_example={},
    errors=(401, 403, 404, 409, 412),
)
async def disconnect_account(
    account_id: str, who: Admin, network: Named, expected: IfMatch, accounts: Accounts
) -> Envelope[Empty]:
    """Forget its tokens. Posts that it published stay in the lists; while others wait it is 409 `IN_USE`."""
    accounts.disconnect(who, network, account_id, expected)
    return ok(Empty())

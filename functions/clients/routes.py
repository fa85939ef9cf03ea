"""The endpoints of clients (`client-companies` to the dashboard) and their API keys."""

from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Response

from functions.clients import examples
from functions.clients.promises import withdrawals
from functions.clients.schemas import (
    ClientCreate,
    ClientOut,
    ClientUpdate,
    CompanyCreated,
    KeyCreate,
    KeyCreated,
    KeyOut,
    KeyRotate,
    KeyUpdate,
    RoleOut,
    company_created,
    key_created,
    key_out,
)
from groundswell.access.model import ClientContext
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import REQUIREMENTS, Admin, Administrator, User, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret
from groundswell.tenancy.clients.apikeys import KeyService
from groundswell.tenancy.clients.model import Client, Scope
from groundswell.tenancy.clients.service import ClientService
from groundswell.tenancy.clients.store import DynamoClientStore
from groundswell.tenancy.usage.store import DynamoSeats

router = create_router("Clients")
router.include_late(
    "functions.clients.members.routes", "functions.clients.invitations.routes", "functions.clients.organization.routes"
)


@cache
def client_service() -> ClientService:
    return ClientService(DynamoClientStore(), DynamoSeats(), key_service(), now=utc_now, new_id=new_id)


@cache
def key_service() -> KeyService:
    return KeyService(DynamoClientStore(), now=utc_now, new_id=new_id, new_secret=new_secret, promises=withdrawals())


Clients = Annotated[ClientService, provide(client_service)]
Keys = Annotated[KeyService, provide(key_service)]


async def _restoring(client_id: str, who: User, clients: Clients) -> ClientContext:
    return clients.restoring(who, client_id)


REQUIREMENTS[_restoring] = {}  # the description says: signed in
Restorer = Annotated[ClientContext, Depends(_restoring)]
"""An admin of a client that may be deleted."""


async def list_clients(who: User, paging: OldestFirst, clients: Clients) -> Listed[ClientOut]:
    """The clients you can see, oldest first."""
    page = clients.list(who, paging.limit, paging.position(who.user_id))
    return paging.answer(who.user_id, page.map(ClientOut.model_validate))


@router.post(
    "/clients",
    **operation(
        "clients.create",
        request_example=examples.CREATE,
        response_example=examples.CLIENT,
        status=201,
        errors=(401, 403),
        location="/clients/{id}",
    ),
)
async def create_client(
    body: ClientCreate, who: Administrator, response: Response, clients: Clients
) -> Envelope[ClientOut]:
    """Create a client of your organization. You become its owner."""
    return created(_tagged(clients.create(who, body.model_dump()), response))


@router.post(
    "/dashboard/client-companies",
    **operation(
        "clients.create_with_key",
        request_example=examples.CREATE,
        response_example=examples.COMPANY,
        status=201,
        location="/clients/{id}",
        errors=(401, 403),
        shown_once=True,
    ),
)
async def create_company(body: ClientCreate, who: Administrator, clients: Clients) -> Envelope[CompanyCreated]:
    """Create a client company together with its first API key, which is shown this once."""
    return created(company_created(*clients.create_with_key(who, body.model_dump())))


@router.get(
    "/clients/deleted", **operation("clients.list_deleted", response_example=[examples.DELETED], errors=(401, 403))
)
async def list_deleted(who: User, paging: OldestFirst, clients: Clients) -> Listed[ClientOut]:
    """The organization's deleted clients, which can be restored for 14 days."""
    page = clients.deleted(who, paging.limit, paging.position(who.org_id))
    return paging.answer(who.org_id, page.map(ClientOut.model_validate))


@router.post(
    "/clients/{client_id}/restore",
    **operation("clients.restore", response_example=examples.CLIENT, errors=(401, 403, 404, 410, 412)),
)
async def restore_client(who: Restorer, response: Response, clients: Clients) -> Envelope[ClientOut]:
    """Undo the deletion of a client, within 14 days. Its API keys work again."""
    return ok(_tagged(clients.restore(who), response))


async def get_client(who: Viewer, response: Response, clients: Clients) -> Envelope[ClientOut]:
    """One client. Its version is the ETag."""
    return ok(_tagged(clients.get(who), response))


@router.update(
    "/clients/{client_id}",
    **operation(
        "clients.update",
        scope=Scope.CLIENTS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.CLIENT,
        errors=(401, 403, 404, 412),
    ),
)
async def update_client(
    body: ClientUpdate, who: Admin, response: Response, expected: IfMatch, clients: Clients
) -> Envelope[ClientOut]:
    """Change a client. With `If-Match`, only the version you read."""
    return ok(_tagged(clients.update(who, body.changes(), expected), response))


async def delete_client(who: Admin, clients: Clients) -> Envelope[Empty]:
    """Delete a client, softly: its API keys stop at once, its data is kept for 14 days."""
    clients.delete(who)
    return ok(Empty())


@router.get(
    "/clients/{client_id}/role", **operation("clients.my_role", response_example=examples.ROLE, errors=(401, 404))
)
async def my_role(who: Viewer) -> Envelope[RoleOut]:
    """Your role for this client."""
    return ok(RoleOut(client_id=who.client_id, role=who.role))


@router.get(
    "/clients/{client_id}/api-keys",
    **operation("api_keys.list", response_example=[examples.KEY], errors=(401, 403, 404)),
)
async def list_keys(who: Admin, paging: OldestFirst, keys: Keys) -> Listed[KeyOut]:
    """The client's API keys, revoked ones included. No key is ever shown again."""
    page = keys.page(who, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(key_out))


@router.post(
    "/clients/{client_id}/api-keys",
    **operation(
        "api_keys.create",
        request_example=examples.CREATE_KEY,
        response_example=examples.NEW_KEY,
        status=201,
        location="/clients/{client_id}/api-keys/{id}",
        errors=(401, 403, 404, 409),
        shown_once=True,
    ),
)
async def create_key(body: KeyCreate, who: Admin, keys: Keys) -> Envelope[KeyCreated]:
    """Create an API key. `api_key` is shown this once: keep it."""
    new = keys.create(who, body.name, body.scopes, body.expires_at, body.calls_per_minute)
    return created(key_created(new))


@router.get(
    "/clients/{client_id}/api-keys/{key_id}",
    **operation("api_keys.get", response_example=examples.KEY, errors=(401, 403, 404)),
)
async def get_key(key_id: str, who: Admin, response: Response, keys: Keys) -> Envelope[KeyOut]:
    """One API key, without what it is used with. Its version is the ETag."""
    key = keys.get(who, key_id)
    tag(response, key.version)
    return ok(key_out(key))


@router.update(
    "/clients/{client_id}/api-keys/{key_id}",
    **operation(
        "api_keys.update",
        request_example=examples.UPDATE_KEY,
        response_example=examples.KEY,
        errors=(401, 403, 404, 409, 412),
    ),
)
async def update_key(
    key_id: str, body: KeyUpdate, who: Admin, response: Response, expected: IfMatch, keys: Keys
) -> Envelope[KeyOut]:
    """Change a key's name or its calls per minute. The key itself stays."""
    key = keys.update(who, key_id, body.changes(), expected)
    tag(response, key.version)
    return ok(key_out(key))


@router.post(
    "/clients/{client_id}/api-keys/{key_id}/rotate",
    **operation(
        "api_keys.rotate",
        request_example=examples.ROTATE,
        response_example=examples.NEW_KEY,
        status=201,
        location="/clients/{client_id}/api-keys/{id}",
        errors=(401, 403, 404, 409),
        shown_once=True,
    ),
)
async def rotate_key(key_id: str, who: Admin, keys: Keys, body: KeyRotate | None = None) -> Envelope[KeyCreated]:
    """Replace a key. Old and new both work for the overlap; then the old one stops."""
    return created(key_created(keys.rotate(who, key_id, (body or KeyRotate()).overlap)))


@router.delete(
    "/clients/{client_id}/api-keys/{key_id}",
    **operation("api_keys.revoke", response_example={}, errors=(401, 403, 404)),
)
async def revoke_key(key_id: str, who: Admin, keys: Keys) -> Envelope[Empty]:
    """Revoke a key at once."""
    keys.revoke(who, key_id)
    return ok(Empty())


def _tagged(client: Client, response: Response) -> ClientOut:
    tag(response, client.version)
    return ClientOut.model_validate(client)


def _both(suffix: str, method: str, endpoint: Any, name: str, **description: Any) -> None:
    """The same operation for `/clients` and for the dashboard's `/dashboard/client-companies`."""
    router.add_api_route("/clients" + suffix, endpoint, methods=[method], **operation(name, **description))
    alias = operation(f"{name}.dashboard", alias_of=name, **description)
    router.add_api_route("/dashboard/client-companies" + suffix, endpoint, methods=[method], **alias)


_both(
    "", "GET", list_clients, "clients.list", scope=Scope.CLIENTS_READ, response_example=[examples.CLIENT], errors=(401,)
)
_both(
    "/{client_id}",
    "GET",
    get_client,
    "clients.get",
    scope=Scope.CLIENTS_READ,
    response_example=examples.CLIENT,
    errors=(401, 404),
)
_both("/{client_id}", "DELETE", delete_client, "clients.delete", response_example={}, errors=(401, 403, 404))

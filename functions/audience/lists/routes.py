"""The endpoints of lists."""

from typing import Annotated, Any

from fastapi import Response

from functions.audience import examples
from functions.audience.lists.schemas import ListIn, ListOut, ListUpdate, list_out
from groundswell.audience.adapter_wiring import lists
from groundswell.audience.lists import ListService
from groundswell.audience.model import MailingList
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NEWEST_FIRST, PageRequest, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.http.provide import provide
from groundswell.tenancy.clients.model import Scope

router = create_router("Audience")
Lists = Annotated[ListService, provide(lists)]
ListsPage = Annotated[PageRequest, paging(at_most=50, default=20, sorts=NEWEST_FIRST[::-1])]
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}


@router.post(
    "/audience/lists",
    **operation(
        "audience_lists.create",
        scope=Scope.LEADS_WRITE,
        request_example=examples.LIST_CREATE,
        response_example=examples.LIST,
        status=201,
        location="/audience/lists/{id}",
        errors=(401, 403, 404, 409),
    ),
)
async def create_list(body: ListIn, who: Editor, response: Response, service: Lists) -> Envelope[ListOut]:
    """Make a list that leads are added to by hand, by forms and by features. At most 200 a client. For editors."""
    made = service.create(who, body.name, body.opt_in, body.description)
    tag(response, made.version)
    return created(list_out(made, {}))


@router.get("/audience/lists", **operation("audience_lists.list", response_example=[examples.LIST], **_READS))
async def list_lists(who: Viewer, page: ListsPage, service: Lists) -> Listed[ListOut]:
    """Lists, oldest first, and how many leads are subscribed to each."""
    list_page = service.page(who.client_id, page.limit, page.position(who.client_id))
    sizes = service.sizes(who.client_id, list_page.items)
    return page.answer(who.client_id, list_page.map(lambda mailing_list: list_out(mailing_list, sizes)))


@router.get("/audience/lists/{list_id}", **operation("audience_lists.get", response_example=examples.LIST, **_READS))
async def get_list(list_id: str, who: Viewer, response: Response, service: Lists) -> Envelope[ListOut]:
    """One list. The version is the ETag."""
    return ok(_tagged(service, service.get(who.client_id, list_id), response))


@router.update(
    "/audience/lists/{list_id}",
    **operation(
        "audience_lists.update",
        scope=Scope.LEADS_WRITE,
        request_example=examples.LIST_UPDATE,
        response_example=examples.LIST_UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_list(
    list_id: str, body: ListUpdate, who: Editor, response: Response, expected: IfMatch, service: Lists
) -> Envelope[ListOut]:
    """Change a list. Another way of opting in holds for whoever is added from now on. For editors."""
    return ok(_tagged(service, service.update(who, list_id, body.changes(), expected), response))


@router.delete(
    "/audience/lists/{list_id}",
    **operation(
        "audience_lists.delete", scope=Scope.LEADS_WRITE, response_example={}, errors=(401, 403, 404, 409, 412)
    ),
)
async def delete_list(list_id: str, who: Admin, expected: IfMatch, service: Lists) -> Envelope[Empty]:
    """Delete a list; its leads stay, and are taken off it within minutes. One that something addresses is refused:
    `IN_USE`, with what does. For admins."""
    service.delete(who, list_id, expected)
    return ok(Empty())


def _tagged(service: ListService, mailing_list: MailingList, response: Response) -> ListOut:
    tag(response, mailing_list.version)
    return list_out(mailing_list, service.sizes(mailing_list.client_id, [mailing_list]))

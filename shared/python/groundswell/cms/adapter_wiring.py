"""The process's pages, for editors."""

from functools import cache

from groundswell.cms.adapter_sanitiser import PageSanitiser
from groundswell.cms.approving import PageApprovals
from groundswell.cms.service import PageService
from groundswell.cms.store import DynamoPageStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links
from groundswell.media.adapter_wiring import media
from groundswell.storage.reading import find
from groundswell.tenancy.clients.items import ClientItem
from groundswell.tenancy.clients.model import Client
from groundswell.tenancy.members.store import DynamoTeam


@cache
def pages() -> PageService:
    sanitiser = PageSanitiser(links(), media().get)
    return PageService(DynamoPageStore(), sanitiser, _wants_versions, utc_now, new_id)


@cache
def page_approvals() -> PageApprovals:
    return PageApprovals(pages(), DynamoPageStore(), DynamoTeam(), utc_now, new_id)


def _wants_versions(client_id: str) -> bool:
    client = find(Client, ClientItem, f"CLIENT#{client_id}", "CLIENT", consistent=False)
    return client is not None and client.settings.get("require_versions") == "true"

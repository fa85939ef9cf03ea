"""Pages as personal data: a client's own, and no person's."""

from collections.abc import Iterator
from typing import Any

from groundswell.cms.items import PageItem, page_pk, slug_pk
from groundswell.cms.model import Page
from groundswell.personal_data.port import ClientData
from groundswell.storage.deletion import delete_matching, delete_partition
from groundswell.storage.reading import list_page


class Pages:
    """The page's own item goes last with its partition, so that whoever goes on finds the rest."""

    kind = "pages"
    prefixes = ("PAGE#", "PAGETRASH#", "PAGELIVE#")
    places = ("core PAGE#{client}#", "core PAGESLUG#{client}#")

    def purge(self, client_id: str) -> Iterator[int]:
        for prefix in ("PAGE", "PAGETRASH"):
            while pages := list_page(Page, PageItem, f"CLIENT#{client_id}", prefix, 50, None).items:
                for page in pages:
                    for slug in page.slugs:
                        yield from delete_partition("core", slug_pk(client_id, slug))
                    yield from delete_matching("core", _revisions(client_id, page.id))
                    yield from delete_partition("core", page_pk(client_id, page.id))


def _revisions(client_id: str, page_id: str) -> dict[str, Any]:
    values = {":pk": {"S": page_pk(client_id, page_id)}, ":revision": {"S": "R#"}}
    condition = "pk = :pk AND begins_with(sk, :revision)"
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}


def personal_data() -> tuple[ClientData, ...]:
    return (Pages(),)

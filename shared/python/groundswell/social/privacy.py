"""Social as personal data: accounts of the client's people, and posts."""

from collections.abc import Iterator

from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.social.items import LISTING, entry, post_pk, social_pk
from groundswell.social.model import Network
from groundswell.social.store import DynamoPostStore
from groundswell.storage.deletion import delete_items, delete_partition

_TOGETHER = 50


class SocialPosts:
    """The rows of a post in lists go last, so that whoever goes on finds the rest."""

    kind = "social_posts"
    prefixes = ()
    places = (f"core {LISTING.name}#{{client}}", f"core {post_pk('{client}', '')}")

    def __init__(self, store: DynamoPostStore) -> None:
        self._store = store

    def purge(self, client_id: str) -> Iterator[int]:
        for network in Network:
            while posts := self._store.page(client_id, network, (), _TOGETHER, None).items:
                for post in posts:
                    yield from delete_partition("core", post_pk(client_id, post.id))
                    rows = LISTING.keys(client_id, entry(post))
                    delete_items("core", rows)
                    yield len(rows)


def personal_data() -> tuple[ClientData, ...]:
    return (SocialPosts(DynamoPostStore()), Partitions("social", f"core {social_pk('{client}')}"))

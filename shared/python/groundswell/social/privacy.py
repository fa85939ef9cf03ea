"""Social as personal data: accounts of the client's people, and posts."""

from collections.abc import Iterator

from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.social.adapter_links import link_key
from groundswell.social.items import LISTING, entry, post_pk, social_pk
from groundswell.social.model import Network, Post
from groundswell.social.store import DynamoPostStore
from groundswell.storage.deletion import delete_items, delete_partition
from groundswell.storage.listing import Selection

_TOGETHER = 50


class SocialPosts:
    """The list of a network goes last."""

    kind = "social_posts"
    prefixes = ()
    places = (f"core {LISTING.name}#{{client}}", f"core {post_pk('{client}', '')}", "core SHORTLINK#")

    def __init__(self, store: DynamoPostStore) -> None:
        self._store = store

    def purge(self, client_id: str) -> Iterator[int]:
        for network in Network:
            position: Position | None = None
            wanted = Selection(views=(network.value,), order="created_at")
            while (page := LISTING.page(client_id, wanted, _TOGETHER, position)).items:
                for post in self._store.posts(client_id, page.items):
                    yield from self._purge(post)
                if (position := page.next) is None:
                    break
            yield from delete_partition("core", f"{LISTING.name}#{client_id}#{network.value}")

    def _purge(self, post: Post) -> Iterator[int]:
        """But for its row in the network's list, by which whoever goes on finds the rest."""
        kept = f"{LISTING.name}#{post.client_id}#{post.network.value}"
        delete_items("core", [key for key in LISTING.keys(post.client_id, entry(post)) if key["pk"]["S"] != kept])
        delete_items("core", [link_key(link.code) for link in post.links])
        yield from delete_partition("core", post_pk(post.client_id, post.id))


def personal_data() -> tuple[ClientData, ...]:
    return (SocialPosts(DynamoPostStore()), Partitions("social", f"core {social_pk('{client}')}"))

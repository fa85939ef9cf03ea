"""Bots in the core table."""

from dataclasses import replace

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.bots.items import BotItem, BotKeyItem, account_item, bot_item, bots_pk, secret_item
from groundswell.bots.model import Bot, BotConnected
from groundswell.kernel.ids import hash_secret
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find
from groundswell.storage.transaction import delete, put, write


class DynamoBotStore:
    def find(self, client_id: str, bot_id: str) -> Bot | None:
        return find(Bot, BotItem, bots_pk(client_id), bot_id)

    def bots(self, client_id: str) -> tuple[Bot, ...]:
        return tuple(from_item(Bot, item) for item in BotItem.query(bots_pk(client_id), consistent_read=True))

    def create(self, bot: Bot, entry: Entry) -> Bot:
        item = bot_item(bot)
        write([put(item), put(secret_item(bot)), put(account_item(bot), BotConnected()), note(entry)])
        return replace(bot, version=item.version)

    def save(self, before: Bot, after: Bot, entry: Entry) -> Bot:
        item = bot_item(after)
        changes = [put(item), note(entry)]
        if before.secret_hash != after.secret_hash:
            changes += [delete(secret_item(before, 1)), put(secret_item(after))]
        write(changes)
        return replace(after, version=item.version)

    def remove(self, bot: Bot, entry: Entry) -> None:
        write([delete(bot_item(bot)), delete(secret_item(bot, 1)), delete(account_item(bot, 1)), note(entry)])

    def owner_of(self, secret: str) -> tuple[str, str] | None:
        """(client, bot) of a webhook's secret. It is looked for by its digest: how long that takes tells nothing of
        the secret."""
        try:
            item = BotKeyItem.get(f"BOTKEY#{hash_secret(secret)}", "BOTKEY")
        except BotKeyItem.DoesNotExist:
            return None
        return item.client_id, item.bot_id

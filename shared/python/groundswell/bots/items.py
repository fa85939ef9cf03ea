"""How bots are stored, in the core table.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `BOTS#<client>` | `<bot>` | | the bot |
| `BOTKEY#<SHA-256 of the webhook's secret>` | `BOTKEY` | `CLIENT#<client>`, `BOTKEY#<bot>` | whose updates |
| `BOTACCOUNT#<account at Telegram>` | `BOTACCOUNT` | `CLIENT#<client>`, `BOTACCOUNT#<bot>` | one bot's |
"""

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.bots.model import Bot
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item


class BotItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    name = UnicodeAttribute()
    account_id = UnicodeAttribute()
    username = UnicodeAttribute()
    token = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    commands = JSONAttribute()
    ai = JSONAttribute()
    handoff = JSONAttribute()


class BotKeyItem(CoreItem):
    """Leads from a secret, or an account at Telegram, to its bot."""

    client_id = UnicodeAttribute()
    bot_id = UnicodeAttribute()


def bot_item(bot: Bot) -> BotItem:
    return to_item(BotItem, bot, bots_pk(bot.client_id), bot.id, kind="bot")


def bots_pk(client_id: str) -> str:
    return f"BOTS#{client_id}"


def secret_item(bot: Bot, version: int | None = None) -> BotKeyItem:
    return _key_item(f"BOTKEY#{bot.secret_hash}", f"BOTKEY#{bot.id}", bot, version)


def account_item(bot: Bot, version: int | None = None) -> BotKeyItem:
    return _key_item(f"BOTACCOUNT#{bot.account_id}", f"BOTACCOUNT#{bot.id}", bot, version)


def _key_item(pk: str, listed_as: str, bot: Bot, version: int | None) -> BotKeyItem:
    """With a version, the one that is there: these are written once."""
    prefix = pk.partition("#")[0]
    item = BotKeyItem(
        pk,
        prefix,
        gsi1pk=f"CLIENT#{bot.client_id}",
        gsi1sk=listed_as,
        kind=prefix.lower(),
        client_id=bot.client_id,
        bot_id=bot.id,
    )
    if version:
        item.version = version
    return item

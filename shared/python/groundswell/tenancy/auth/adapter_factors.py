"""Second factors in the core table, beside the credential: a sign-in reads both in one call.

| pk | sk | what |
|---|---|---|
| `EMAIL#<address>` | `TOTP` | second factor; the secret sealed for its user |
"""

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.message import Message
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.transaction import delete, put, write
from groundswell.tenancy.auth.factor import SecondFactor


class FactorItem(CoreItem):
    email = UnicodeAttribute()
    user_id = UnicodeAttribute()
    sealed_secret = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    confirmed_at = UTCDateTimeAttribute(null=True)
    last_step = NumberAttribute()
    recovery_hashes = ListAttribute(of=UnicodeAttribute)


def factor_item(factor: SecondFactor) -> FactorItem:
    return to_item(FactorItem, factor, *factor_key(factor.email), kind="second_factor")


def factor_key(email: str) -> tuple[str, str]:
    return f"EMAIL#{email}", "TOTP"


class DynamoFactorStore:
    def find(self, email: str) -> SecondFactor | None:
        try:
            return from_item(SecondFactor, FactorItem.get(*factor_key(email), consistent_read=True))
        except FactorItem.DoesNotExist:
            return None

    def save(self, factor: SecondFactor, entry: Entry | None = None, message: Message | None = None) -> None:
        write([put(factor_item(factor)), *([note(entry)] if entry else [])], [message] if message else [])

    def remove(self, factor: SecondFactor, entry: Entry, message: Message) -> None:
        write([delete(factor_item(factor)), note(entry)], [message])

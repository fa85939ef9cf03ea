"""How lists and opt-outs lie in the core table.

| pk | sk | what |
|---|---|---|
| `AUDIENCELISTS#<client>` | `<list>` | a list |
| `AUDIENCE#<client>#<list>` | `<lead>` | a member; in `gsi1` by its lead, in `gsi2` by its status and time |
| `OPTOUTS#<client>` | `<digest of channel and address>` | an opt-out; in `gsi1` by time |
| `AUDIENCEUSE#<client>#<list or segment>` | `<kind>#<id>` | what addresses it |
"""

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audience.model import MailingList, Member, MemberStatus, OptOut
from groundswell.kernel.clock import rfc3339
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item


class ListItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    opt_in = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    description = UnicodeAttribute(null=True)
    deleted_at = UTCDateTimeAttribute(null=True)


class MemberItem(CoreItem):
    client_id = UnicodeAttribute()
    list_id = UnicodeAttribute()
    lead_id = UnicodeAttribute()
    status = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    source = UnicodeAttribute(null=True)
    asked_at = UTCDateTimeAttribute(null=True)
    confirmed_at = UTCDateTimeAttribute(null=True)
    unsubscribed_at = UTCDateTimeAttribute(null=True)


class OptOutItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    address = UnicodeAttribute(null=True)
    reason = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    source = UnicodeAttribute(null=True)


def lists_pk(client_id: str) -> str:
    return f"AUDIENCELISTS#{client_id}"


def members_pk(client_id: str, list_id: str) -> str:
    return f"AUDIENCE#{client_id}#{list_id}"


def of_lead_pk(client_id: str, lead_id: str) -> str:
    return f"AUDIENCELEAD#{client_id}#{lead_id}"


def of_status_pk(client_id: str, list_id: str, status: MemberStatus) -> str:
    return f"AUDIENCE#{client_id}#{list_id}#{status}"


def opt_outs_pk(client_id: str) -> str:
    return f"OPTOUTS#{client_id}"


def use_pk(client_id: str, what_id: str) -> str:
    return f"AUDIENCEUSE#{client_id}#{what_id}"


def list_item(mailing_list: MailingList) -> ListItem:
    keys = lists_pk(mailing_list.client_id), mailing_list.id
    return to_item(ListItem, mailing_list, *keys, kind="audience_list")


def member_item(member: Member) -> MemberItem:
    client_id, list_id = member.client_id, member.list_id
    return to_item(
        MemberItem,
        member,
        members_pk(client_id, list_id),
        member.lead_id,
        kind="audience_member",
        gsi1pk=of_lead_pk(client_id, member.lead_id),
        gsi1sk=list_id,
        gsi2pk=of_status_pk(client_id, list_id, member.status),
        gsi2sk=f"{rfc3339(member.created_at)}#{member.lead_id}",
    )


def opt_out_item(opt_out: OptOut) -> OptOutItem:
    at = f"{rfc3339(opt_out.created_at)}#{opt_out.id}"
    keys = {"gsi1pk": opt_outs_pk(opt_out.client_id), "gsi1sk": at}
    return to_item(OptOutItem, opt_out, opt_outs_pk(opt_out.client_id), opt_out.id, kind="opt_out", **keys)

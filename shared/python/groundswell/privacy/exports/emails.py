"""Who gave an e-mail: there is no index of traits, so the log is read from its beginning."""

from collections.abc import Iterator

import msgspec

from groundswell.events.eventlog.block import Block
from groundswell.events.people.sightings import sightings
from groundswell.kernel.email import email_key
from groundswell.personal_data.identifiers import Identifier
from groundswell.privacy.exports.subject import first_id

_PLACES = (
    "traits.email",
    "context.traits.email",
    "properties.$set.email",
    "properties.$set_once.email",
    "extra.$set.email",
    "extra.$set_once.email",
)


def givers(block: Block, email: str) -> Iterator[Identifier]:
    """Of the block's events that give the e-mail, or have it for a user's id, in any spelling."""
    wanted, seen = email_key(email), sightings(block)
    columns = [block.column(place) for place in _PLACES]
    for at, sight in enumerate(seen):
        texts = [_text(column[at]) for column in columns]
        identifier = first_id(sight)
        if identifier and wanted in (*texts, email_key(sight.user or ""), email_key(sight.visitor or "")):
            yield identifier


def _text(raw: bytes) -> str:
    if raw[:1] != b'"':
        return ""
    try:
        return email_key(msgspec.json.decode(raw))
    except msgspec.MsgspecError:
        return ""

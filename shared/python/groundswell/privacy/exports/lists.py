"""What is known of a person beside their events: suppressions, proofs of wallets, cohorts, rejected events."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from groundswell.events.eventlog.identifiers import Identifier, IdKind
from groundswell.kernel.page import Position
from groundswell.privacy.exports.lines import named_in, rejected_line
from groundswell.privacy.exports.port import Cohorts, Listed, Proofs, Verdicts

_PAGE = 1_000
_PAGES = 20  # of rejected events, a step
_COHORTS = 10  # a step


class Lists:
    def __init__(self, verdicts: Verdicts, listed: Listed, proofs: Proofs, cohorts: Cohorts) -> None:
        self._verdicts = verdicts
        self._listed = listed
        self._proofs = proofs
        self._cohorts = cohorts

    def rejected(
        self, client_id: str, ids: Sequence[Identifier], position: Position | None
    ) -> tuple[list[bytes], Position | None]:
        """Lines of the rejected events that name one of them, and where to go on."""
        found, wanted = list[bytes](), set(ids)
        for _ in range(_PAGES):
            page = self._verdicts.rejected(client_id, None, None, None, _PAGE, position)
            found += [rejected_line(each) for each in page.items if not wanted.isdisjoint(named_in(each.event))]
            position = page.next
            if position is None:
                break
        return found, position

    def cohorts(
        self, client_id: str, ids: Sequence[Identifier], position: Position | None
    ) -> tuple[list[bytes], Position | None]:
        """Lines of the cohorts that they are in, and where to go on."""
        page, names = self._cohorts.list(client_id, _COHORTS, position), {each.value for each in ids}
        found = [
            {"id": each.id, "name": each.name, "taken_at": each.taken_at}
            for each in page.items
            if not names.isdisjoint(self._cohorts.members(each, max(each.size, 1), None).items)
        ]
        return [_line(each) for each in found], page.next

    def suppressions(self, client_id: str, ids: Sequence[Identifier]) -> Iterator[bytes]:
        for each in self._listed.of(client_id, ids):
            said = {"kind": each.id_kind.value, "value": each.value, "reason": each.reason}
            yield _line({"id": each.id, **said, "created_at": each.created_at})

    def proofs(self, client_id: str, ids: Sequence[Identifier]) -> Iterator[bytes]:
        """Of wallets that they have proven to own."""
        proven = {
            each.address: each
            for one in ids
            if one.kind is IdKind.USER
            for each in self._proofs.of_user(client_id, one.value)
        }
        for one in ids:
            proof = self._proofs.find(client_id, one.value) if one.kind is IdKind.WALLET else None
            proven |= {proof.address: proof} if proof else {}
        for _, each in sorted(proven.items()):
            said = {"address": each.address, "account": each.account, "user_id": each.user_id, "domain": each.domain}
            yield _line({**said, "verified_at": each.verified_at})


def _line(said: dict[str, Any]) -> bytes:
    return msgspec.json.encode(said) + b"\n"

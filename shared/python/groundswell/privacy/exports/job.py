"""The export job: finds out whom it is about, collects, and packs the file.

Each step is bounded and safe to repeat: what it read goes into a part named after its content, and the file is made
of the parts that the operation names, so that the same file comes out wherever a worker died.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

import msgspec

from groundswell.events.eventlog.block import Block, CorruptBlock
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import Log, event_log
from groundswell.events.eventlog.people_index import BlockRef
from groundswell.events.eventlog.port import EventLog
from groundswell.events.people.resolution import blocks_at
from groundswell.events.people.service import PeopleService
from groundswell.events.people.sightings import sightings
from groundswell.kernel.clock import rfc3339, spelled
from groundswell.kernel.errors import Invalid
from groundswell.operations.model import Operation
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind
from groundswell.personal_data.persons import of_kinds, resolve
from groundswell.personal_data.port import ClientData, DisclosedRecords, SupportsTell
from groundswell.privacy.exports.bundle import Bundle, digest_of, pretty
from groundswell.privacy.exports.emails import givers
from groundswell.privacy.exports.lines import event_line, line_of
from groundswell.privacy.exports.model import EVENTS_AT_MOST, KEPT, TooMuchToExport, bundle
from groundswell.privacy.exports.parts import Parts
from groundswell.privacy.exports.port import Files
from groundswell.privacy.exports.profile import PROOFS, Summary, identities
from groundswell.privacy.exports.subject import about, mine
from groundswell.privacy.naming import named_in, whom

_BLOCKS = 200  # a step: what all their events weigh fits the memory
_LOAD = 100
_SEARCHED = 500  # blocks a step, for an e-mail
_GIVERS_AT_MOST = 1_000

type Step = Callable[[Operation], Operation]


class Place(msgspec.Struct, array_like=True, frozen=True):
    """A block that may hold events of the person, as it was when the export was planned."""

    shard: str
    spot: BlockRef


_place = msgspec.json.Decoder(Place)


class ExportJob:
    def __init__(
        self, store: EventLog, features: Sequence[ClientData], files: Files, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._people = PeopleService(store)
        self._features = features
        self._tellers = [feature for feature in features if isinstance(feature, SupportsTell)]
        self._files = files
        self._parts = Parts(files)
        self._now = now
        self._steps: dict[str, Step] = {
            "search": self._search,
            "plan": self._plan,
            "events": self._events,
            "features": self._tell,
            "pack": self._pack,
            "finish": self._finish,
        }

    def step(self, operation: Operation) -> Operation:
        first = "search" if "email" in _request_of(operation) else "plan"
        try:
            return self._steps[operation.state.get("step", first)](operation)
        except Invalid:
            self._parts.drop(operation)  # an operation that failed does not say any more whose they are
            raise

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        counts = operation.result or {}
        return {name: str(value) for name, value in counts.items() if isinstance(value, int)}

    def _search(self, operation: Operation) -> Operation:
        """Who gave the e-mail, in the order of commits."""
        state, email = operation.state, str(_request_of(operation)["email"])
        done = int(state.get("commit", 0))
        giver_ids, searched = {(kind, value) for kind, value in state.get("found", ())}, 0
        log = event_log(operation.client_id)
        for commit in self._store.commits(log, done):
            for batch in batched([block.sk for block in commit.blocks], _LOAD, strict=False):
                for data in self._store.blocks(log, batch).values():
                    giver_ids |= {(giver.kind.value, giver.value) for giver in givers(Block(data), email)}
            done, searched = commit.n, searched + len(commit.blocks)
            if searched >= _SEARCHED or len(giver_ids) > _GIVERS_AT_MOST:
                return operation.at(2, step="search", commit=done, found=sorted(giver_ids)[:_GIVERS_AT_MOST])
        return operation.at(5, step="plan", found=sorted(giver_ids)[:_GIVERS_AT_MOST])

    def _plan(self, operation: Operation) -> Operation:
        """Whose ids, and which blocks: as they are now, for all steps to come."""
        known = self._people.state(operation.client_id)
        giver_ids = [(kind, value) for kind, value in operation.state.get("found", ())]
        ids = sorted(self._subject(operation, known.people, about(known.people, _request_of(operation), giver_ids)))
        spots = blocks_at(self._store, known.views, ids)
        ordered = sorted((log.shard, sk, spot) for log, log_spots in spots.items() for sk, spot in log_spots.items())
        lines = [msgspec.json.encode(Place(shard, spot)) + b"\n" for shard, _, spot in ordered]
        times = [view.as_of for view in known.views if view.as_of is not None]
        return operation.at(
            10,
            step="events",
            plan=self._parts.keep(operation, "plan", lines),
            identifiers=[[identifier.kind.value, identifier.value] for identifier in ids],
            digests=[identifier.digest(operation.client_id).hex() for identifier in ids],
            as_of=spelled(min(times)) if times else None,
            blocks=len(ordered),
            at=0,
            events=0,
            parts=[],
        )

    def _subject(
        self, operation: Operation, people: IdentityGraph, known: frozenset[Identifier]
    ) -> frozenset[Identifier]:
        """Of a wallet, its own events only; of a person, whatever the features know them by."""
        if "wallet" in _request_of(operation):
            return known
        if named := named_in(_request_of(operation)):
            return whom(people, self._features, operation.client_id, {*known, named})
        return resolve(self._features, operation.client_id, known, complete=EVENT_KINDS)

    def _events(self, operation: Operation) -> Operation:
        state = operation.state
        at, parts, events = int(state["at"]), list(state["parts"]), int(state["events"])
        plan = [_place.decode(line) for line in self._parts.read(operation, [state["plan"]])]
        if at >= len(plan):
            return operation.at(60, step="features", position=None, complete=[], told={})
        illegible = list[str]()
        lines = list(self._lines(operation, plan[at : at + _BLOCKS], illegible))
        if events + len(lines) > EVENTS_AT_MOST:
            raise TooMuchToExport
        if lines:
            parts.append(self._parts.keep(operation, f"events-{at:08d}", lines))
        unread = int(state.get("illegible", 0)) + len(illegible)
        done = min(at + _BLOCKS, len(plan))
        return operation.at(
            10 + 50 * done // len(plan), at=done, parts=parts, events=events + len(lines), illegible=unread
        )

    def _lines(self, operation: Operation, places: Sequence[Place], illegible: list[str]) -> Iterator[bytes]:
        own = mine(_request_of(operation), frozenset(_identifiers(operation)))
        for batch in batched(places, _LOAD, strict=False):
            data: dict[tuple[str, str], bytes] = {}
            for shard in {item.shard for item in batch}:
                log = Log(operation.client_id, shard)
                blocks = self._store.blocks(log, [item.spot.sk for item in batch if item.shard == shard])
                data |= {(shard, sk): block for sk, block in blocks.items()}
            for message in batch:
                block = (
                    Block(data[message.shard, message.spot.sk]) if (message.shard, message.spot.sk) in data else None
                )
                if block is None:
                    continue
                ats = [at for at, seen in enumerate(sightings(block)) if own(seen)]
                positions = [
                    (at, message.spot.merges(at)) for at in ats if message.spot.counts(at) or message.spot.merges(at)
                ]
                try:
                    yield from [
                        event_line(block.events[at], block.received, merged=merged)
                        for at, merged in positions
                        if at not in block.erased
                    ]
                except CorruptBlock:  # it could be counted, but nothing reads it whole
                    illegible.append(message.spot.sk)

    def _tell(self, operation: Operation) -> Operation:
        """What the features keep of them beside the events, some of one feature a step."""
        state = operation.state
        left = [teller for teller in self._tellers if teller.file not in state["complete"]]
        if not left:
            return operation.at(80, step="pack")
        file, page, file_parts = left[0].file, self._portion_of(left[0], operation), dict(state["told"])
        if page.records:
            part = self._parts.keep(operation, file, (line_of(record) for record in page.records))
            file_parts[file] = [*file_parts.get(file, ()), part]
        if page.next:
            return operation.at(70, told=file_parts, position=dict(page.next))
        return operation.at(70, told=file_parts, position=None, complete=[*state["complete"], file])

    def _portion_of(self, teller: SupportsTell, operation: Operation) -> DisclosedRecords:
        persons = of_kinds(_identifiers(operation), teller.tells)
        return (
            teller.tell(operation.client_id, persons, operation.state.get("position"))
            if persons
            else DisclosedRecords(())
        )

    def _pack(self, operation: Operation) -> Operation:
        state, client_id = operation.state, operation.client_id
        summary = Summary()
        with Bundle() as made:
            counts = {"events": made.add("events.jsonl", self._event_lines(operation, summary))}
            for teller in self._tellers:
                counts[teller.file] = made.add(
                    f"{teller.file}.jsonl", self._parts.read(operation, state["told"].get(teller.file, ()))
                )
            proofs = [msgspec.json.decode(line) for line in self._parts.read(operation, state["told"].get(PROOFS, ()))]
            profile = summary.shown(proofs)
            known = identities(_identifiers(operation), profile)
            counts["identifiers"] = len(known)
            made.add("profile.json", [pretty({"identifiers": known, **profile})])
            header = {"export": operation.id, "client_id": client_id, "subject": _request_of(operation)}
            times = {"requested_at": rfc3339(operation.created_at), "as_of": state.get("as_of")}
            unread = {"illegible_blocks": state.get("illegible", 0)}
            file = made.close({**header, **times, "counts": {**counts, **unread}})
            digest, size = digest_of(file)
            self._files.put_file(bundle(operation), file)
        result = {**counts, **unread, "bytes": size, "sha256": digest, "files": made.files}
        return operation.at(95, step="finish", result=result)

    def _event_lines(self, operation: Operation, summary: Summary) -> Iterator[bytes]:
        for line in self._parts.read(operation, operation.state["parts"]):
            summary.add(line)
            yield line

    def _finish(self, operation: Operation) -> Operation:
        """What the operation says for good names nobody: digests tell whoever knows a name that it was among them."""
        self._parts.drop(operation)
        state, now = operation.state, self._now()
        return operation.succeeded(
            {
                **state["result"],
                "digests": state["digests"],
                "as_of": state.get("as_of"),
                "requested_by": operation.by,
                "requested_at": rfc3339(operation.created_at),
                "finished_at": rfc3339(now),
                "available_until": rfc3339(now + KEPT),
            }
        )


def _request_of(operation: Operation) -> Mapping[str, Any]:
    subject: Mapping[str, Any] = operation.state["asked"]
    return subject


def _identifiers(operation: Operation) -> list[Identifier]:
    return [Identifier(IdKind(kind), value) for kind, value in operation.state["identifiers"]]

"""Looking at dead letters, replaying and discarding them.

SQS has no way to look without taking: a letter that is looked at is out of sight until it is put back, a moment later.
"""

from collections.abc import Mapping
from typing import Protocol

from groundswell.access.model import Caller
from groundswell.admin.deadletters.model import DeadLetterQueue, Letter, LetterNotFound, Origin, Source, SourceNotFound
from groundswell.audit.model import PLATFORM, Entry

LISTED_AT_MOST = 100


class Letters(Protocol):
    """The dead letters of one source."""

    def count(self) -> int: ...

    def look(self, at_most: int) -> tuple[Letter, ...]:
        """Some of them; all are put back before it returns."""

    def take(self, letter_id: str) -> tuple[Letter, str] | None:
        """The letter, and what it is held by for half a minute. The others are put back."""

    def put_back(self, held: str) -> None: ...

    def drop(self, held: str) -> None: ...


class Replayer(Protocol):
    def replay(self, letter: Letter) -> None:
        """Hand it to its worker again. Raises NotReplayable."""


class AuditLog(Protocol):
    def add(self, entry: Entry) -> None: ...


class DeadLetterService:
    def __init__(
        self, letters: Mapping[Source, Letters], replayers: Mapping[Origin, Replayer], audit: AuditLog
    ) -> None:
        self._letters = {source.name: (source, dead_letters) for source, dead_letters in letters.items()}
        self._replayers = replayers
        self._audit = audit

    def queues(self) -> tuple[DeadLetterQueue, ...]:
        return tuple(DeadLetterQueue(source, letters.count()) for source, letters in self._letters.values())

    def list(self, source: str | None) -> tuple[Letter, ...]:
        """Of one source, or of all. Raises SourceNotFound."""
        chosen = [self._of(source)[1]] if source else [letters for _, letters in self._letters.values()]
        listed = [letter for letters in chosen for letter in letters.look(LISTED_AT_MOST)]
        return tuple(sorted(listed, key=lambda letter: letter.first_seen)[:LISTED_AT_MOST])

    def get(self, operator: Caller, source: str, letter_id: str) -> Letter:
        """Audited: a letter may hold what belongs to a tenant. Raises SourceNotFound, LetterNotFound."""
        letters = self._of(source)[1]
        letter, held = self._take(letters, letter_id)
        letters.put_back(held)
        self._note(operator, letter, "dead_letter.read")
        return letter

    def replay(self, operator: Caller, source: str, letter_id: str) -> Letter:
        """Its worker gets it again, at least once: the letter goes after that. Raises NotReplayable as well."""
        letters = self._of(source)[1]
        letter, held = self._take(letters, letter_id)
        try:
            self._replayers[letter.source.origin].replay(letter)
        except BaseException:
            letters.put_back(held)
            raise
        letters.drop(held)
        self._note(operator, letter, "dead_letter.replayed")
        return letter

    def discard(self, operator: Caller, source: str, letter_id: str) -> Letter:
        """For good. Raises SourceNotFound, LetterNotFound."""
        letters = self._of(source)[1]
        letter, held = self._take(letters, letter_id)
        self._note(operator, letter, "dead_letter.discarded")
        letters.drop(held)
        return letter

    def _of(self, source: str) -> tuple[Source, Letters]:
        if source not in self._letters:
            raise SourceNotFound
        return self._letters[source]

    @staticmethod
    def _take(letters: Letters, letter_id: str) -> tuple[Letter, str]:
        pair = letters.take(letter_id)
        if pair is None:
            raise LetterNotFound
        return pair

    def _note(self, operator: Caller, letter: Letter, action: str) -> None:
        target = f"dead_letter:{letter.source.name}/{letter.id}"
        self._audit.add(Entry(PLATFORM, action, operator.user_id, target))

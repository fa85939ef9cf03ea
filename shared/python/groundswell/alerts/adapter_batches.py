"""A batch of alerts that are due, which mostly come to nothing: one read and one write for all of them."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from groundswell.alerts.items import state_item
from groundswell.alerts.ports import Step
from groundswell.alerts.state import State
from groundswell.alerts.store import DynamoAlertStore, Loaded, changes
from groundswell.storage.transaction import Change, put, write

type Key = tuple[str, str]
"""Client and alert."""


class BatchAlertStore(DynamoAlertStore):
    """What came in between is found by the versions of what is written; whoever asks again reads anew."""

    def __init__(self) -> None:
        self._loaded: dict[Key, Loaded] = {}
        self._quiet: dict[Key, Sequence[Change]] = {}
        self._together = False

    def expect(self, wanted: Collection[Key], *, together: bool = True) -> None:
        """`together`: what comes to nothing is written by `flush`."""
        self._loaded = self.load_many(wanted) if wanted else {}
        self._quiet, self._together = {}, together

    def load(self, client_id: str, alert_id: str) -> Loaded:
        if (client_id, alert_id) in self._quiet:  # it is due twice in this batch
            self.flush()
        known = self._loaded.pop((client_id, alert_id), None)
        return known or super().load(client_id, alert_id)

    def advance(self, step: Step) -> State:
        after = step.after
        if not self._together or after.entries or step.instances or step.messages or step.cancelled:
            return super().advance(step)
        self._quiet[after.client_id, after.alert_id] = [put(state_item(after)), *changes(step)]
        return replace(after, version=after.version + 1)

    @property
    def unwritten(self) -> frozenset[Key]:
        return frozenset(self._quiet)

    def flush(self) -> None:
        """All of them or none. Raises PreconditionFailed where somebody wrote one of them first."""
        kept, self._quiet = self._quiet, {}
        if kept:
            write([change for value in kept.values() for change in value])

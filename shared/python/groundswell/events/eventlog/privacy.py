"""The event log as personal data. Persons are taken out of it by erasure's sweeps, and told by exports, themselves."""

from collections.abc import Iterator

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import event_log, metric_log
from groundswell.personal_data.port import ClientData
from groundswell.storage.deletion import delete_items, delete_partition


class EventRecords:
    """The client's logs: blocks, commits, rollups and all. They leave the list of logs first, so that nobody looks
    after a log that is being deleted."""

    kind = "event_records"
    prefixes = ()
    places = ("events {client}#", f"events {keys.LOGS} {{client}}#")

    def purge(self, client_id: str) -> Iterator[int]:
        for log in (event_log(client_id), metric_log(client_id)):
            lines = (keys.partition(log), keys.has_write_shards(log))
            delete_items("events", [{"pk": {"S": keys.LOGS}, "sk": {"S": line}} for line in lines])
            for partition in keys.partitions(log):
                yield from delete_partition("events", partition)


def personal_data() -> tuple[ClientData, ...]:
    return (EventRecords(),)

"""The keys of the events table. `c#s` is a client's shard; every partition of a log begins with it.

| pk | sk | content |
|---|---|---|
| `c#s` | `B#<receive ms><random>` | a block |
| `c#s.l` | `B#<receive ms><random>.l` | a block of write shard 0 to f: `c#s` had too much to do |
| `c#s#L` | `C#n`; `M`; `V`; `A` | commits; how far they are folded; how far reconcile has looked, and the archive is |
| `c#s#L` | `E` | until when what repeats say is not kept |
| `c#s#F` | `S#n` | segments of accepted ids, until they expire |
| `c#s#R` | `H#hour#page`, `D#day#page` | rollups |
| `c#s#T` | `hour#n` | time index: the blocks with events in that hour, of a fold up to commit n |
| `c#s#P` | `P#n#number`; `~` | links between ids, of a fold up to commit n; how often somebody was forgotten |
| `c#s#U` | `depth#bucket#n` | person index: in which blocks an identifier was seen, of a fold up to commit n |
| `c#s#U` | `depth#bucket#n#origin` | the same of several folds, the last of them up to commit n |
| `LOGS` | `c#s`; `c#s.*` | every log there is; that it has write shards |
| `TURN` | `V` | which of them reconcile looked at last |
"""

from groundswell.events.eventlog.model import Log

LOGS = "LOGS"
TURN = "TURN"
WRITE_SHARDS = "0123456789abcdef"
FOLDED = "M"
VERIFIED = "V"
ARCHIVED = "A"
FORGOTTEN = "~"
FORGETTING = "E"


def partition(log: Log, kind: str = "") -> str:
    """The partition of the log's blocks in no write shard, or of its `L`, `F`, `R`, `T`, `P` or `U` records."""
    return f"{log.client_id}#{log.shard}#{kind}" if kind else f"{log.client_id}#{log.shard}"


def partitions(log: Log) -> tuple[str, ...]:
    """All of them: what there is to delete of a log, but for its line under `LOGS`."""
    return (*write_shards(log), *(partition(log, kind) for kind in ("L", "F", "R", "T", "P", "U")))


def write_shards(log: Log) -> tuple[str, ...]:
    """All partitions that a log's blocks may lie in."""
    return partition(log), *(f"{partition(log)}.{write_shard}" for write_shard in WRITE_SHARDS)


def write_shard(log: Log, sk: str) -> str:
    """The partition of the block with that sort key."""
    _, dot, name = sk.partition(".")
    return f"{partition(log)}{dot}{name}"


def has_write_shards(log: Log) -> str:
    return f"{partition(log)}.*"


def log_of(partition_key: str) -> Log:
    """The log that a block's partition, or a line under `LOGS`, belongs to. Raises ValueError for another key."""
    client_id, shard = partition_key.split("#")
    return Log(client_id, shard.partition(".")[0])


def block(received: int, random: str, *, spread: bool = False) -> str:
    """A name that sorts by the time of receipt. Where a log spreads, the last random digit (hex) is the write shard."""
    return f"B#{received:013d}{random}.{random[-1]}" if spread else f"B#{received:013d}{random}"


def blocks_from(received: int) -> str:
    """Sorts before every block received at that millisecond or later."""
    return f"B#{received:013d}"


def commit(n: int) -> str:
    return f"C#{n:012d}"


def segment(through: int) -> str:
    return f"S#{through:012d}"


def page(unit: str, bucket: int, number: int) -> str:
    return f"{unit}#{bucket:08d}#{number:04d}"


def hour(hour: int, through: int) -> str:
    return f"{hour:08d}#{through:012d}"


def links(through: int, number: int) -> str:
    return f"P#{through:012d}#{number:04d}"


def places(depth: int, bucket: int, through: int, origin: str = "") -> str:
    return f"{depth}#{bucket:03d}#{through:012d}" + (f"#{origin}" if origin else "")

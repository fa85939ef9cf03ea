"""The two views that SQL is asked over. Times are in UTC."""

from collections.abc import Iterable, Iterator

from groundswell.events.eventlog.identity_graph import IdentityGraph

_OWN = ("path", "url", "referrer", "utm_source", "utm_medium", "utm_campaign", "country", "device", "browser", "os")
_PARTS = ("chain", "properties", "traits", "context", "web3", "source", "extra")
_KEY = (
    "CASE WHEN user_id <> '' THEN 'u' || user_id WHEN anonymous <> '' THEN 'a' || anonymous "
    "WHEN wallet <> '' THEN 'w' || wallet END"
)
_IDS = "coalesce(anonymous_uuid::UUID::VARCHAR, anonymous_text) AS anonymous"
_EVENTS = f"""
SELECT coalesce(id_uuid::UUID::VARCHAR, id_text) AS id, kind, name, epoch_ms(ts) AS time, ts,
    epoch_ms(received_at) AS received_at, {{person}} AS person, user_id, anonymous AS anonymous_id, session_id, wallet,
    try_cast(value AS DECIMAL(38, 18)) AS value, value AS value_text, currency, {", ".join((*_OWN, *_PARTS))}
FROM (SELECT *, {_IDS} FROM read_parquet([{{paths}}])) AS stored
"""
PERSONS = """
CREATE TEMP VIEW persons AS
SELECT person, min(time) AS first_seen, max(time) AS last_seen, count(*) AS events,
    list_sort(list_distinct(list(user_id))) AS user_ids, list_sort(list_distinct(list(anonymous_id))) AS anonymous_ids,
    arg_max(traits, ts) FILTER (traits IS NOT NULL) AS traits,
    arg_max(country, ts) FILTER (country IS NOT NULL) AS country
FROM events WHERE person IS NOT NULL GROUP BY person
"""


def _key(text: str) -> str:
    """SQL of a number of 16 bytes that stands for an id: a UUID's own, else its digest. Twice as fast as texts to tell
    apart."""
    uuid = f"try_cast({text} AS UUID)"
    return (
        f"CASE WHEN strlen({text}) = 36 AND {uuid}::VARCHAR = {text} THEN {uuid}::UHUGEINT ELSE md5_number({text}) END"
    )


_LOGGED = f"""
SELECT block, position, ts, {{who}} AS who, {{person}} AS person, name, kind, user_id, anonymous AS anonymous_id,
    session_id, value, currency, {", ".join(_PARTS[1:])}
FROM (
    SELECT *, {_IDS},
        CASE WHEN user_id <> '' THEN 0 WHEN anonymous_uuid IS NOT NULL OR anonymous_text <> '' THEN 1 ELSE 2
            END::UTINYINT AS sort,
        CASE WHEN user_id <> '' THEN {_key("user_id")}
            WHEN anonymous_uuid IS NOT NULL THEN anonymous_uuid::UUID::UHUGEINT
            WHEN anonymous_text <> '' THEN {_key("anonymous_text")} WHEN wallet <> '' THEN {_key("wallet")} END AS own
    FROM read_parquet([{{paths}}])) AS stored
"""


def events_view(paths: Iterable[str], links: str | None) -> str:
    """Of these files of rows, and of links between ids."""
    return "CREATE TEMP VIEW events AS" + _joined(_EVENTS, paths, links)


def logged_view(paths: Iterable[str], links: str | None) -> str:
    """The same rows as our own questions read them: values as they were written, and `who` to tell persons apart by."""
    listed = ", ".join(map(quoted, paths))
    if links is None:
        return "CREATE TEMP VIEW logged AS" + _LOGGED.format(who="own", person=f"substr({_KEY}, 2)", paths=listed)
    sort = "(instr('uaw', id[1]) - 1)::UTINYINT"
    pairs = f"SELECT {sort} AS sort, substr(id, 2) AS name, person FROM read_parquet({quoted(links)})"
    keyed = f"SELECT sort, {_key('name')} AS own, person, {_key('person')} AS who FROM ({pairs})"
    once = f"SELECT sort, own, any_value(person) AS person, any_value(who) AS who FROM ({keyed}) GROUP BY sort, own"
    joined = f"LEFT JOIN ({once}) AS linked ON linked.own = stored.own AND linked.sort = stored.sort"
    who, person = "coalesce(linked.who, stored.own)", f"coalesce(linked.person, substr({_KEY}, 2))"
    return "CREATE TEMP VIEW logged AS" + _LOGGED.format(who=who, person=person, paths=listed) + joined


def _joined(select: str, paths: Iterable[str], links: str | None) -> str:
    listed = ", ".join(map(quoted, paths))
    if links is None:
        return select.format(person=f"substr({_KEY}, 2)", paths=listed)
    # Grouped, DuckDB knows that an id has one row, and leaves the join out where nobody asks for the person.
    once = f"SELECT id, any_value(person) AS person FROM read_parquet({quoted(links)}) GROUP BY id"
    joined = f"LEFT JOIN ({once}) AS linked ON linked.id = {_KEY}"
    return select.format(person=f"coalesce(linked.person, substr({_KEY}, 2))", paths=listed) + joined


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def links_of(people: IdentityGraph) -> Iterator[tuple[str, str]]:
    """Ids that are not their persons' names: the kind (u, a, w) and the id, and the person."""
    for name in people.names():
        yield "u" + name, people.of_user(name)
    for visitor in people.visitors() | people.names():
        yield "a" + visitor, people.of_visitor(visitor)
    for wallet in people.wallets():
        yield "w" + wallet, people.of_wallet(wallet)

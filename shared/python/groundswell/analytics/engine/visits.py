"""Visits as SQL: events of one person without a long pause, or of one session of the client's own.

The rules are those of `questions.sessions`: an event without a session id goes on with whatever its person did within
half an hour; a server's begins none, and does not keep one alive; a session of the client's own lasts through pauses
shorter than a day.
"""

from groundswell.analytics.questions.sessions import GAP, SILENCE

_SERVER = (
    "(?i)(?:.*[^a-z])?(?:node|nodejs|python|ruby|php|go|golang|java|net|dotnet|rust|rs|elixir|server)(?:-next|-sdk)?"
)
_UNDONE = (
    "'$pageleave', '$set', '$feature_flag_called', '$web_vitals', '$exception', '$heatmap', '$csp_violation', "
    "'$opt_in', '$feature_enrollment_update', 'survey shown'"
)
CLICK_IDS = (
    "gclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "epik",
    "ScCid",
    "rdt_cid",
)
"""By which Google (three), Meta, Microsoft, TikTok, X, LinkedIn, Pinterest, Snapchat and Reddit know their clicks."""
_CLICK = f"nullif(regexp_extract(events.url, '[?&]({'|'.join(CLICK_IDS)})=', 1), '')"
_ORDER = "PARTITION BY person ORDER BY ts, received_at, id"
FIELDS = ("utm_source", "utm_medium", "utm_campaign", "referrer", "country", "device", "browser", "os")


def visits(where: str, join: str) -> str:
    """Tables `acts` (an event and its `visit`) and `visits`, of what begins within `$from` and `$until`.

    `where` picks the events, which are read from a day before to a day after: so visits are whole.
    """
    first = ", ".join(f"arg_min({name}, place) FILTER ({name} IS NOT NULL) AS {name}" for name in FIELDS)
    columns = ", ".join(f"events.{name}" for name in ("person", "ts", "received_at", "id", "session_id", *FIELDS))
    return f"""
picked AS (
    SELECT {columns}, {_CLICK} AS click_id, events.kind IN ('page', 'screen') AS is_page,
        coalesce(events.path, events.name) AS page,
        events.kind NOT IN ('identify', 'group', 'alias') AND events.name NOT IN ({_UNDONE}) AS acts,
        events.session_id IS NULL AND coalesce(json_extract_string(events.extra, '$.channel') = 'server'
            OR json_extract_string(events.context, '$.channel') = 'server'
            OR regexp_full_match(json_extract_string(events.context, '$.library.name'), '{_SERVER}'), false) AS told
    FROM events{join}
    WHERE events.person IS NOT NULL AND events.ts >= $from - {SILENCE} AND events.ts < $until + {SILENCE} AND {where}),
alive AS (
    SELECT *, row_number() OVER ({_ORDER}) AS place, max(CASE WHEN NOT told THEN ts END)
        OVER ({_ORDER} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS active FROM picked),
led AS (
    SELECT *, NOT told AND (session_id IS NOT NULL OR active IS NULL OR ts - active > {GAP}) AS leads FROM alive
    WHERE NOT told OR ts - active <= {GAP}),
grouped AS (
    SELECT *, count(*) FILTER (leads) OVER (PARTITION BY person ORDER BY place) AS stretch FROM led),
stretches AS (
    SELECT person, stretch, any_value(session_id) AS own, min(ts) AS begins, max(ts) AS ends FROM grouped GROUP BY ALL),
broken AS (
    SELECT *, own IS NULL OR coalesce(begins - lag(ends) OVER (PARTITION BY person, own ORDER BY stretch) > {SILENCE},
        true) AS breaks FROM stretches),
named AS (
    SELECT *, CASE WHEN own IS NULL THEN stretch ELSE max(CASE WHEN breaks THEN stretch END)
        OVER (PARTITION BY person, own ORDER BY stretch) END AS visit FROM broken),
joined AS (SELECT grouped.*, visit FROM grouped JOIN named USING (person, stretch)),
visits AS MATERIALIZED (
    SELECT person, visit, min(ts) AS start, max(ts) - min(ts) AS duration, count(*) AS events,
        count(*) FILTER (acts) <= 1 AS bounced, count(*) FILTER (is_page) AS views,
        arg_min(page, place) FILTER (is_page) AS entry, arg_max(page, place) FILTER (is_page) AS exit,
        arg_min(click_id, place) FILTER (click_id IS NOT NULL) AS click_id, {first}
    FROM joined GROUP BY person, visit HAVING min(ts) >= $from AND min(ts) < $until),
acts AS MATERIALIZED (
    SELECT person, visit, page FROM joined JOIN visits USING (person, visit) WHERE is_page)"""

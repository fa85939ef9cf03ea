"""Random events whose values are told apart by a hair, and random questions about them, to compare engines by."""

import json
from decimal import Decimal

from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, Event

RAWS = (
    *("1", "1.0", "1e0", "10E-1", "0", "-0", "0.0", "-0.0", "0e9", "true", "false", "null", '""', '"1"', '"1.0"'),
    *('"true"', '"null"', "1.50", "0.1", "0.1234567890123456789", "0.12345678901234567891", "1e-7", "0.00000012"),
    *("12345678901234567890123", "1" * 80, "123456789012345678", "9" * 19, "1e21", "-17", "-17.250", '"-17.25"'),
    *('"2026-03-01"', '"2026-03-01T12:00:00Z"', '"2026-03-01T14:00:00+02:00"', '"2026-03-01T12:00:00.000001Z"'),
    *('"2026-13-01"', '"2026-03-01 12:00"', '"2016-12-31T23:59:60Z"', '"2026-03-01T12:00:00.0000000001Z"'),
    *('"a\\"b"', '"\\u00fc"', '"ü"', '"\\ud83d\\ude00"', '"x\\ny"', '"\\u0001"', '"%_"', "[]", "[1,2]"),
    *("[1.0, 2e0]", '["1",2]', '{"a":1}', '{"a" : 1.0}', '{"b":2,"a":1}', '{"a":1,"b":2}', '"[1,2]"', '{"a":{"b":1}}'),
    *('"{\\"a\\":1}"', "{}", '{"a.b":7}', '{"a":{"b":null}}', "1e400", "1e99999999999999999999", '"team"', '"Team"'),
)
PATHS = ("properties.x", "properties.x.a", "properties.x.a.b", "properties.y", "context.page.path", "web3.value")
FIELDS = (*PATHS, "name", "kind", "person", "user_id", "anonymous_id", "session_id", "value", "currency")
_UUID = "6e0bd3ab-8e11-4c5b-9f0a-3b1d2c4e5f60"
_LIBRARIES = ("posthog-python", "analytics.js", "rudder-sdk-node", "my_Java")


def happened(chosen, number, start):
    who, money = chosen.random(), chosen.random() < 0.4
    chain = chosen.random() < 0.3
    page = '{"page":{"path":' + chosen.choice((*RAWS, '"/a"', '"/b"')) + "}}"
    library = f'{{"library":{{"name":"{chosen.choice(_LIBRARIES)}"}}}}'
    properties = {"x": chosen.choice(RAWS), "y": chosen.choice(RAWS)}
    if chosen.random() < 0.2:
        properties["path"] = '"/p"'
    status, tx = chosen.choice(["started", "confirmed", "failed", ""]), chosen.randrange(9)
    web3 = f'{{"tx_hash":"0x{tx}","status":"{status}","chain":"c{chosen.randrange(2)}","value":{chosen.choice(RAWS)}'
    web3 += f',"address":"{chosen.choice(["", "0xa", "0xb"])}","method":{chosen.choice(RAWS)}}}'
    return Event(
        id=f"event {number}",
        kind="web3" if chain else chosen.choice(["track", "page", "screen", "identify"]),
        name=chosen.choice(["viewed", "paid", "left", "$pageleave", "ü"]),
        ts=start + chosen.randrange(8) * 6 * HOUR + chosen.randrange(8) * 7 * MINUTE,
        user_id=chosen.choice([f"user {chosen.randrange(4)}", _UUID]) if who < 0.4 else "" if who < 0.45 else None,
        anonymous_id=chosen.choice([f"device {chosen.randrange(5)}", _UUID, "user 1"]) if 0.3 < who < 0.95 else None,
        session_id=chosen.choice(["s1", "s2", "s3", ""]) if chosen.random() < 0.3 else None,
        value=chosen.choice(["1.10", "0.00", "-0", "007.5", "9" * 40, "-3.000", f"1.{'0' * 29}1"]) if money else None,
        currency=chosen.choice(["EUR", "USD"]) if money and chosen.random() < 0.8 else None,
        properties=("{" + ",".join(f'"{name}":{raw}' for name, raw in properties.items()) + "}").encode(),
        context=(library if chosen.random() < 0.2 else page).encode(),
        web3=web3.encode() if chain else b"",
        extra=b'{"channel":"server"}' if chosen.random() < 0.05 else b"",
    )


def match(chosen):
    names = [None, None, "viewed", "paid"]
    return {"name": chosen.choice(names), "where": [_condition(chosen) for _ in range(chosen.choice([0, 0, 1, 2]))]}


def _condition(chosen):
    field = chosen.choice(FIELDS)
    operator = chosen.choice(["eq", "neq", "in", "gt", "gte", "lt", "lte", "contains", "exists"])
    wanted = _wanted(chosen)
    if operator == "in":
        wanted = [_wanted(chosen) for _ in range(chosen.randrange(4))]
    elif operator == "exists":
        wanted = chosen.random() < 0.5
    elif operator == "contains":
        wanted = chosen.choice(["", "a", "1", "team", "ü", '"', "%", "user"])
    elif operator not in ("eq", "neq") and (wanted is None or isinstance(wanted, bool)):
        wanted = "viewed"
    return {"field": field, "operator": operator, "value": wanted}


def _wanted(chosen):
    own = ["viewed", "user 1", "device 2", "1.1", "EUR", "s1", Decimal("1.1"), Decimal("1e-20"), Decimal(10) ** 30]
    plain = [json.loads(raw, parse_float=Decimal) for raw in RAWS[:44]]
    return chosen.choice(own + [value for value in plain if not isinstance(value, list | dict) and _sendable(value)])


def _sendable(value):
    return not isinstance(value, str) or (value.isprintable() and value.encode("utf-8", "ignore").decode() == value)


def question(chosen, start):
    zone = chosen.choice(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York"])
    span = {"from": start + chosen.randrange(12) * HOUR, "to": start + DAY + chosen.randrange(20) * HOUR}
    period, within = chosen.choice(["hour", "day", "week"]), chosen.choice([600, 4_000, 90_000])
    top = chosen.choice([1, 3, 50])
    by = {"by": chosen.choice(FIELDS), "of": None, "currency": None, "top": top}
    steps = [match(chosen) for _ in range(chosen.randrange(2, 5))]
    kinds = [
        {"kind": "breakdown", **by, "measure": chosen.choice(["count", "unique"]), **match(chosen)},
        {"kind": "breakdown", **by, "measure": "sum", "of": chosen.choice(FIELDS), **match(chosen)},
        {"kind": "breakdown", **by, "measure": "sum", "currency": chosen.choice(["EUR", "XXX", None]), **match(chosen)},
        {"kind": "uniques", "granularity": period, **match(chosen)},
        {"kind": "funnel", "steps": steps, "within_seconds": within, "by": chosen.choice([None, *FIELDS])},
        {"kind": "retention", "start": match(chosen), "return": match(chosen), "period": chosen.choice(["day", "week"]),
         "periods": 2, "first_time": chosen.random() < 0.5},
        {"kind": "paths", "start": match(chosen), "among": match(chosen), "steps": chosen.randrange(1, 4),
         "within_seconds": within, "top": top},
        {"kind": "sessions", "granularity": period, "top": top, **match(chosen)},
        {"kind": "transactions", "chain": chosen.choice([None, "c1"]), "tx_hash": None,
         "status": chosen.choice([None, "confirmed"]), "limit": top},
        {"kind": "volume", "by": chosen.choice(["wallet", "chain", "contract"]), "top": top},
        {"kind": "conversion", "within_seconds": within},
        {"kind": "persons", "limit": top},
    ]  # fmt: skip
    return span | {"timezone": zone} | chosen.choice(kinds)

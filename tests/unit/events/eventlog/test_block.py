"""Blocks come back as they went in, and say so when they cannot."""

import json
import random
import string

import msgspec
import pytest

from groundswell.events.eventlog import columns, zstd
from groundswell.events.eventlog.block import Block, CorruptBlock, encode, is_amount
from groundswell.events.eventlog.model import Event

RECEIVED = 1_772_366_400_000


def event(**changes):
    return Event(**({"id": "1", "kind": "track", "name": "n", "ts": RECEIVED} | changes))


ODD = [
    event(id="0f3c5e5a-6f5e-4a39-8f5f-b5a1a4f6d9c1", properties=b'{"price":1.10,"wei":115792089237316195423570985}'),
    event(id="node-next-1772366400000-0f3c5e5a", properties=b'{"a":{"b":{"c":[1,{"d":2}]}},"a.b":1,"":null}'),
    event(id='quotes " and \\ and \x00', name="\u2603", user_id="", value="-12.50", properties=b'{"a":"\\u0000"}'),
    event(ts=0, client_ts=5, sent_at=253_402_300_799_999, context=b'{"page":{"path":"/"}}', traits=b'{"x":[]}'),
    event(
        context=b'{"page":{"path":"/"}}', web3=b'{"chain":"eip155:1"}', source=b'{"protocol":"sdk"}', extra=b'{"k":{}}'
    ),
    event(properties=b'{"100%":1,"a%sb":{"%b":2,"%":"%d"}}'),
    event(value="19.90", currency="EUR"),
    event(fact="0f3c5e5a-6f5e-4a39-8f5f-b5a1a4f6d9c1", value="1"),
    event(properties=b'{"deep":' + b'{"x":' * 30 + b"1" + b"}" * 31),
]


@pytest.mark.parametrize("chosen", [ODD[at : at + 1] for at in range(len(ODD))] + [ODD, ODD * 40])
def test_events_come_back_byte_for_byte(chosen):
    block = Block(encode(chosen, RECEIVED))

    assert block.events == chosen
    assert (len(block), block.received) == (len(chosen), RECEIVED)
    assert block.ids == [event.id for event in chosen]
    assert block.times == [event.ts for event in chosen]


def test_a_block_written_before_there_were_currencies_and_facts_is_read():
    old = encode([event(value="19.90")], RECEIVED)
    assert b"currency" not in columns_of(old)

    assert (Block(old).currencies, Block(old).facts) == ({}, {})
    assert Block(old).events == [event(value="19.90")]


def test_events_without_a_currency_or_a_fact_pay_nothing_for_those_that_have_one():
    mixed = Block(encode([event(), event(value="1", currency="EUR"), event(fact="f"), event()], RECEIVED))

    assert (mixed.currencies, mixed.facts) == ({1: "EUR"}, {2: "f"})
    assert len(encode([event()] * 50, RECEIVED)) == len(encode([event(currency=None, fact=None)] * 50, RECEIVED))


def columns_of(block):
    return set(map(str.encode, columns.unpack(msgspec.msgpack.decode(block)[4])))


def test_whether_there_is_a_column_is_known_without_decoding_it(monkeypatch):
    packed = columns.unpack(columns.pack({"id": [b'"a"', b'"b"']}))
    monkeypatch.setattr(columns.Columns, "written", lambda *_: pytest.fail("it is decoded"))
    assert "id" in packed
    assert "name" not in packed


@pytest.mark.parametrize("seed", range(20))
def test_random_events_come_back(seed):
    chosen = random.Random(seed)
    events = [
        event(id=text(chosen), ts=chosen.randrange(2**42), properties=document(chosen), user_id=text(chosen))
        for _ in range(chosen.randrange(1, 60))
    ]

    decoded = Block(encode(events, RECEIVED)).events

    # The spelling of a key (an escape or the character) may change, a value never does.
    assert [msgspec.structs.replace(event, properties=b"") for event in decoded] == [
        msgspec.structs.replace(event, properties=b"") for event in events
    ]
    assert [exact(event.properties) for event in decoded] == [exact(event.properties) for event in events]


PATHS = (
    "properties",
    "properties.a",
    "properties.a.b",
    "properties.a.b.c.d.e",
    "context.page.path",
    "traits.x",
    "web3.chain",
)


@pytest.mark.parametrize("seed", range(30))
def test_a_column_says_what_the_rebuilt_events_say(seed):
    chosen = random.Random(seed)
    events = [event(id=str(at), properties=nested(chosen), name=chosen.choice("xy")) for at in range(40)]
    block = Block(encode(events + ODD, RECEIVED))

    for path in (*PATHS, "properties.b", "properties.b.a", "properties.c.c"):
        part, *steps = path.split(".")
        for raw, rebuilt_event in zip(block.column(path), block.events, strict=True):
            wanted = walk(json.loads(getattr(rebuilt_event, part) or b"{}", parse_float=str, parse_int=str), steps)
            if steps or getattr(rebuilt_event, part):
                assert (exact(raw) if raw else Ellipsis) == wanted
    for name in ("id", "name", "user_id", "ts", "client_ts", "sent_at", "value"):
        assert [json.loads(raw) for raw in block.column(name)] == [getattr(event, name) for event in block.events]
    assert set(block.column("nonsense.path")) == {b""}


@pytest.mark.parametrize("seed", range(10))
def test_a_key_with_a_dot_is_not_taken_for_a_path(seed):
    documents = [
        b'{"a.b":1}',
        b'{"a":{"b":2},"c":0}',
        b'{"a.b":3}',
        b'{"a":{"b":4},"a.b":5}',
        b'{"a.b":{"c":6},"a":{"b.c":7}}',
    ]
    events = [event(id=str(at), properties=random.Random(seed + at).choice(documents)) for at in range(40)]

    assert Block(encode(events, RECEIVED)).events == events


WHOLE = "0f3c5e5a-6f5e-4a39-8f5f-b5a1a4f6d9c1"


@pytest.mark.parametrize(
    "odd", [WHOLE.upper(), WHOLE.replace("5", " "), WHOLE.replace("5", "g"), WHOLE.replace("-", "_")]
)
def test_what_is_as_long_as_a_uuid_and_none_comes_back_too(odd):
    short, long = WHOLE[:-1], f"0{WHOLE}"  # together as long as two

    for ids in ([odd], [WHOLE, odd], [short, long], [WHOLE, short, long], [WHOLE, '"' * 18, "-" * 36], [WHOLE] * 3):
        assert Block(encode([event(id=identifier) for identifier in ids], RECEIVED)).ids == ids


def nested(chosen):
    def value(depth):
        if depth and chosen.random() < 0.6:
            return {key: value(depth - 1) for key in chosen.sample("abc", chosen.randrange(4))}
        return chosen.choice([1, None, "s", [1, {"a": 2}], {}])

    return json.dumps({key: value(6) for key in chosen.sample("abc", chosen.randrange(4))}).encode()


def walk(node, steps):
    for length in range(1, len(steps) + 1) if isinstance(node, dict) else ():
        key = ".".join(steps[:length])
        if key in node and (value := walk(node[key], steps[length:])) is not Ellipsis:
            return value
    return Ellipsis if steps else node


def exact(raw):
    return json.loads(raw, parse_float=str, parse_int=str)


def text(chosen):
    return "".join(chosen.choices(string.printable + "\u00e9\u2603\U0001f600", k=chosen.randrange(12)))


def document(chosen):
    def value(depth):
        kind = chosen.randrange(7 if depth else 5)
        if kind == 5:
            return [value(depth - 1) for _ in range(chosen.randrange(3))]
        if kind == 6:
            return {text(chosen): value(depth - 1) for _ in range(chosen.randrange(4))}
        return [text(chosen), chosen.randrange(10**30), chosen.random(), None, True][kind]

    return json.dumps({chosen.choice("abcdef"): value(4) for _ in range(5)}, separators=(",", ":")).encode()


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x96", encode([event()], RECEIVED)[:-20]])
def test_bytes_that_are_no_block_are_refused(data):
    with pytest.raises(CorruptBlock):
        Block(data).check()


def test_any_damaged_byte_is_noticed_or_harmless():
    whole = encode(ODD * 3, RECEIVED)
    for at in range(0, len(whole), 7):
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        try:
            block = Block(damaged)
            block.check()
            assert len(block.events) == len(block)
        except CorruptBlock:
            continue


def test_a_block_of_a_later_version_or_an_unknown_dictionary_is_refused():
    fields = msgspec.msgpack.decode(encode([event()], RECEIVED))
    for at in (0, 1):
        with pytest.raises(CorruptBlock, match="unknown"):
            Block(msgspec.msgpack.encode([9 if index == at else field for index, field in enumerate(fields)]))


def test_a_decompression_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(zstd, "MOST", 1000)
    block = encode([event(name="x" * 5000)], RECEIVED)

    with pytest.raises(CorruptBlock):
        Block(block)


@pytest.mark.parametrize(
    ("written", "fits"),
    [("1", True), ("-0.5", True), ("9" * 78, True), ("9" * 79, False), ("1e5", False), ("NaN", False), ("", False)],
)
def test_amounts_are_plain_decimals_that_sums_keep(written, fits):
    assert is_amount(written) is fits


@pytest.mark.parametrize("received", [-1, 1 << 48])
def test_a_block_received_at_no_sensible_time_is_refused(received):
    with pytest.raises(CorruptBlock):
        Block(encode([], received)).check()

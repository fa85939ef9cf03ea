from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.storage.cursor import Cursors, Scope
from tests.clock import Clock
from tests.keys import NEW, OLD, Keys

SCOPE = Scope("tenant-a", "tasks.list", {"status": "open"})
POSITION = {"id": "0192f0c1", "n": 7}


def refuses(cursors: Cursors, cursor: str, scope: Scope = SCOPE) -> bool:
    try:
        cursors.open(cursor, scope)
    except Invalid as error:
        return error.problems[0].field == "cursor"
    return False


def test_a_cursor_leads_back_to_its_position(clock: Clock) -> None:
    cursors = Cursors(Keys(), clock)

    assert cursors.open(cursors.seal(POSITION, SCOPE), SCOPE) == POSITION


def test_no_other_tenant_route_or_filter_opens_it(clock: Clock) -> None:
    cursors = Cursors(Keys(), clock)
    sealed = cursors.seal(POSITION, SCOPE)

    assert refuses(cursors, sealed, replace(SCOPE, tenant="tenant-b"))
    assert refuses(cursors, sealed, replace(SCOPE, operation="leads.list"))
    assert refuses(cursors, sealed, replace(SCOPE, filters={"status": "done"}))
    assert refuses(cursors, sealed, replace(SCOPE, filters={}))


def test_no_character_of_it_can_be_changed(clock: Clock) -> None:
    cursors = Cursors(Keys(), clock)
    sealed = cursors.seal(POSITION, SCOPE)

    for place, original in enumerate(sealed):
        for other in "ABwxyz019-_=":
            if other != original:
                assert refuses(cursors, sealed[:place] + other + sealed[place + 1 :]), (place, other)


def test_no_bit_of_it_can_be_flipped(clock: Clock) -> None:
    cursors = Cursors(Keys(), clock)
    sealed = cursors.seal(POSITION, SCOPE)

    for place in range(len(sealed)):
        for bit in range(8):
            flipped = chr(ord(sealed[place]) ^ 1 << bit)
            assert refuses(cursors, sealed[:place] + flipped + sealed[place + 1 :]), (place, bit)


def test_nothing_can_be_cut_off_or_added(clock: Clock) -> None:
    cursors = Cursors(Keys(), clock)
    sealed = cursors.seal(POSITION, SCOPE)

    assert all(refuses(cursors, sealed[:length]) for length in range(len(sealed)))
    assert all(refuses(cursors, sealed + more) for more in ("A", "=", "==", "\n", " ", "Ä"))


def test_it_expires_after_a_day(clock: Clock) -> None:
    cursors = Cursors(Keys(), clock)
    sealed = cursors.seal(POSITION, SCOPE)

    clock.advance(hours=24)
    assert cursors.open(sealed, SCOPE) == POSITION

    clock.advance(seconds=1)
    assert refuses(cursors, sealed)


def test_a_rotated_key_still_opens_what_it_sealed_and_a_retired_one_does_not(clock: Clock) -> None:
    sealed = Cursors(Keys(OLD), clock).seal(POSITION, SCOPE)

    assert Cursors(Keys(NEW, previous=OLD), clock).open(sealed, SCOPE) == POSITION
    assert refuses(Cursors(Keys(NEW), clock), sealed)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[1,2,3]",
        b'[1,"new",null,"soon",{}]',
        b'[1,{"a":1},"d",9e999,{}]',
        b"[" * 3000,
        b"\xff",
    ],
)
def test_whatever_somebody_makes_up_is_refused(clock: Clock, body: bytes) -> None:
    assert refuses(Cursors(Keys(), clock), urlsafe_b64encode(b"m" * 16 + body).rstrip(b"=").decode())

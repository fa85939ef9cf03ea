"""How a lead comes onto a list and leaves it."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.audience.membership import confirmed, joined, left, listed, needs_asking
from groundswell.audience.model import MailingList, MemberStatus, OptIn, Reason

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
PENDING, SUBSCRIBED, UNSUBSCRIBED = MemberStatus


def mailing_list(opt_in):
    return MailingList("l", "c", "News", opt_in, "me", NOW, NOW)


def join(known=None, opt_in=OptIn.DOUBLE, own=False, now=NOW):
    return joined(known, mailing_list(opt_in), "ada", by="me", source="form", own=own, now=now)


@pytest.mark.parametrize(("opt_in", "status"), [(OptIn.SINGLE, SUBSCRIBED), (OptIn.DOUBLE, PENDING)])
def test_a_list_says_whether_somebody_has_to_confirm(opt_in, status):
    assert join(opt_in=opt_in).status is status


def test_a_second_submission_never_undoes_a_confirmed_one():
    member = confirmed(join(), NOW)

    assert join(member, own=True, now=LATER) == member


def test_who_left_comes_back_by_an_own_act_only_and_confirms_again():
    member = left(confirmed(join(), NOW), NOW)

    assert join(member) == member
    assert join(member, own=True).status is PENDING
    assert join(member, own=True, opt_in=OptIn.SINGLE).status is SUBSCRIBED


def test_an_old_link_brings_nobody_back_who_left():
    member = left(join(), NOW)

    assert confirmed(member, LATER) == member


def test_somebody_is_asked_once_a_day_however_often_the_form_is_sent():
    first = join()
    again, next_day = join(first, now=NOW + timedelta(hours=1)), join(first, now=LATER)

    assert [needs_asking(None, first), needs_asking(first, again), needs_asking(first, next_day)] == [True, False, True]


def test_a_lead_is_on_the_lists_that_it_is_subscribed_to():
    member = join()

    assert listed(("a", "l"), member, "l") == ("a",)
    assert listed(("a",), confirmed(member, NOW), "l") == ("a", "l")
    assert listed(("l", "a"), confirmed(member, NOW), "l") == ("l", "a")
    assert listed(("l", "a"), None, "l") == ("a",)


def test_a_complaint_outweighs_everything_and_a_repeat_nothing():
    weakest_first = [Reason.MANUAL, Reason.UNSUBSCRIBED, Reason.HARD_BOUNCE, Reason.COMPLAINT]

    assert [reason.outweighs(Reason.UNSUBSCRIBED) for reason in weakest_first] == [False, False, True, True]

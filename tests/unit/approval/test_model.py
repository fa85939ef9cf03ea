"""n of m, in stages, never one's own, on the newest version alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.approval.model import (
    AlreadyDecided,
    ApprovalStatus,
    Decision,
    NotAnApprover,
    OlderVersion,
    OwnWork,
    Policy,
    Review,
    ReviewEnded,
    Stage,
    Verdict,
    decide,
    progress,
)
from groundswell.kernel.errors import DomainError, Invalid

AT = datetime(2026, 11, 30, tzinfo=UTC)
REASONS = {Verdict.APPROVE: None, Verdict.REJECT: "no", Verdict.REQUEST_CHANGES: "larger"}


class Told:
    """Decisions, one after the other."""

    def __init__(self, *stages: Stage, authors=("author",), version=1):
        self.review = Review(Policy(stages or (Stage(),)), frozenset(authors), version)

    def decide(self, by, verdict=Verdict.APPROVE, *, version=None, may_approve=True, **more):
        reason = more.get("reason", REASONS[verdict])
        wanted = Decision(f"d{len(self.review.decisions)}", by, AT, verdict, version or self.review.version, 0, reason)
        made = decide(self.review, wanted, may_approve=may_approve)
        if made:
            review = self.review
            self.review = Review(review.policy, review.authors, review.version, (*review.decisions, made))
        return made

    def next_version(self):
        review = self.review
        self.review = Review(review.policy, review.authors, review.version + 1, review.decisions)

    @property
    def status(self):
        return progress(self.review).status


def test_one_of_those_who_may_approve_is_enough_unless_it_is_said_otherwise():
    approval = Told()

    with pytest.raises(NotAnApprover):
        approval.decide("bob", may_approve=False)
    approval.decide("bob")

    assert approval.status is ApprovalStatus.APPROVED


def test_n_different_approvers_are_needed_and_others_do_not_count():
    approval = Told(Stage(2, ("ann", "bob", "eve")))

    with pytest.raises(NotAnApprover):
        approval.decide("mallory")
    approval.decide("ann")
    assert approval.decide("ann") is None
    assert progress(approval.review).missing == 1
    approval.decide("bob")

    assert approval.status is ApprovalStatus.APPROVED


def test_a_stage_opens_when_the_one_before_it_is_done_and_may_ask_the_same_person_again():
    approval = Told(Stage(1, ("ann",)), Stage(2, ("ann", "bob")))

    with pytest.raises(NotAnApprover):
        approval.decide("bob")
    approval.decide("ann")
    approval.decide("ann")
    approval.decide("bob")

    assert approval.status is ApprovalStatus.APPROVED
    assert [decision.stage for decision in approval.review.decisions] == [0, 1, 1]


def test_nobody_decides_on_their_own_work():
    approval = Told(Stage(1, ("author", "bob")))

    for verdict in Verdict:
        with pytest.raises(OwnWork):
            approval.decide("author", verdict)


@pytest.mark.parametrize(
    ("verdict", "status"),
    [(Verdict.REJECT, ApprovalStatus.REJECTED), (Verdict.REQUEST_CHANGES, ApprovalStatus.CHANGES_REQUESTED)],
)
def test_one_no_ends_the_review_of_that_version_and_says_why(verdict, status):
    approval = Told(Stage(2))
    approval.decide("ann")

    with pytest.raises(Invalid):
        approval.decide("bob", verdict, reason=" ")
    approval.decide("bob", verdict)

    assert approval.status is status
    with pytest.raises(ReviewEnded):
        approval.decide("eve")
    with pytest.raises(AlreadyDecided):
        approval.decide("bob")
    assert approval.decide("bob", verdict) is None
    approval.next_version()
    assert approval.status is ApprovalStatus.PENDING


def test_a_decision_on_an_older_version_is_refused():
    approval = Told()
    approval.next_version()

    with pytest.raises(OlderVersion):
        approval.decide("bob", version=1)


def test_who_has_a_link_counts_as_one_of_the_open_stage():
    approval = Told(Stage(2, ("ann", "bob")))
    approval.decide("guest:l-1", may_approve=False)
    approval.decide("ann")

    assert approval.status is ApprovalStatus.APPROVED


def test_what_could_never_be_approved_is_refused():
    for stage in (Stage(2, ("ann",)), Stage(1, ("author",))):
        with pytest.raises(Invalid):
            Policy((stage,)).check(frozenset({"author"}))
    Policy((Stage(5),)).check(frozenset({"author"}))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(list(Verdict))), max_size=12), st.integers(1, 3))
def test_whatever_is_tried_approved_means_enough_different_people_and_no_no(tries, required):
    approval = Told(Stage(required, tuple("abcd")), authors=("a",))
    for by, verdict in tries:
        try:
            approval.decide(by, verdict)
        except DomainError:
            continue

    approvals = {decision.by for decision in approval.review.decisions if decision.decision is Verdict.APPROVE}
    nos = [decision for decision in approval.review.decisions if decision.decision is not Verdict.APPROVE]
    assert (approval.status is ApprovalStatus.APPROVED) == (len(approvals) >= required and not nos)
    assert approvals <= set("bcd")

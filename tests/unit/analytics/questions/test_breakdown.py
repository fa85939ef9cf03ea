"""Groups of events by a field, against a dictionary."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.analytics.questions.breakdown import Grouping, breakdown
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.model import Measure
from groundswell.kernel.errors import Invalid
from tests.fakes.rows import row

PLANS = st.sampled_from(["free", "team", "1", 1, 1.0, True, None, "ü"])
EVENTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", None]), PLANS, st.decimals(-99, 99, places=18).map("{:f}".format)),
    max_size=60,
)


def test_groups_of_long_texts_are_listed_as_far_as_an_answer_has_room():
    rows = [row(at, "p", properties={"text": f"{at:04}" + '"' * 12_000}) for at in range(400)]

    result = breakdown(rows, Grouping(Field("properties.text"), Measure.COUNT, 1_000))

    assert 100 < len(result.groups) < 210
    assert len(result.groups) + result.others == result.total.count == 400


@given(EVENTS, st.integers(1, 5), st.sampled_from(list(Measure)))
def test_groups_and_the_rest_add_up_to_what_a_dictionary_says(events, top, measure):
    rows = [row(1, person, value=value, properties={"plan": plan}) for person, plan, value in events]

    result = breakdown(rows, Grouping(Field("properties.plan"), measure, top))

    truth = defaultdict(list)
    for person, plan, value in events:
        truth[isinstance(plan, bool), plan].append((person, Decimal(value)))

    def figures(group):
        sums = sum((value for _, value in group), Decimal(0)) if measure is Measure.SUM else 0
        persons = len({person for person, _ in group} - {None}) if measure is Measure.UNIQUE else None
        return (len(group), sums, persons)

    sizes = {Measure.COUNT: 0, Measure.SUM: 1, Measure.UNIQUE: 2}
    expected = {key: figures(group) for key, group in truth.items()}
    listed = {
        (isinstance(group.value, bool), group.value): tuple(vars(group.figures).values()) for group in result.groups
    }
    assert len(result.groups) == min(top, len(truth))
    assert listed == {key: expected[key] for key in listed}
    left = [group for key, group in truth.items() if key not in listed]
    assert tuple(vars(result.other).values()) == figures([event for group in left for event in group])
    assert result.others == len(left)
    assert tuple(vars(result.total).values()) == figures([event for group in truth.values() for event in group])
    by = sizes[measure]
    assert [value[by] for value in listed.values()] == sorted((value[by] for value in expected.values()), reverse=True)[
        :top
    ]


def test_a_property_can_be_summed_exactly():
    wei = 2**256 - 1
    rows = [row(1, web3={"chain": "eip155:1", "value": str(wei)}), row(2, web3={"chain": "eip155:1", "value": "1"})]

    (group,) = breakdown(rows, Grouping(Field("web3.chain"), Measure.SUM, 5, Field("web3.value"))).groups

    assert group.figures.total == 2**256


def test_money_of_several_currencies_is_never_added_up():
    rows = [row(1, value="1.10", currency="EUR"), row(2, value="2.20", currency="USD"), row(3, value="3")]
    names = Grouping(Field("name"), Measure.SUM, 5)

    with pytest.raises(Invalid) as refused:
        breakdown(rows, names)

    assert refused.value.problems[0].field == "currency"
    for currency, total in (("EUR", "1.10"), ("USD", "2.20"), ("XXX", "3")):
        result = breakdown(rows, replace(names, currency=currency))
        assert (result.total.count, result.total.total, result.currency) == (3, Decimal(total), currency)
    assert breakdown(rows[:1], names).currency == "EUR"
    by_currency = breakdown(rows, Grouping(Field("currency"), Measure.COUNT, 5))
    assert {group.value for group in by_currency.groups} == {"EUR", "USD", None}

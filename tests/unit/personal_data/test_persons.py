"""A person is whatever any feature knows to be the same person."""

from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind
from groundswell.personal_data.persons import resolve

ADA, DEVICE = Identifier(IdKind.USER, "ada"), Identifier(IdKind.ANONYMOUS, "device")
LEAD, EMAIL = Identifier(IdKind.LEAD, "lead-1"), Identifier(IdKind.EMAIL, "ada@example.com")
CHAT, PHONE = Identifier(IdKind.TELEGRAM, "77"), Identifier(IdKind.PHONE, "+4930123456")


class Knows:
    """Groups of identifiers, each a person, among which it resolves some kinds."""

    def __init__(self, resolves, *groups):
        self.resolves = resolves
        self._groups = groups
        self.asked = []

    def resolve(self, client_id, persons):
        assert {person.kind for person in persons} <= set(self.resolves)
        self.asked.append(set(persons))
        return {person for group in self._groups if not group.isdisjoint(persons) for person in group}


def leads():
    return Knows((IdKind.LEAD, IdKind.EMAIL, IdKind.USER), {LEAD, EMAIL, ADA})


def test_what_one_feature_knows_leads_to_what_another_knows():
    chats = Knows((IdKind.EMAIL, IdKind.TELEGRAM), {EMAIL, CHAT, PHONE})

    assert resolve([chats, leads()], "client", [ADA]) == {ADA, LEAD, EMAIL, CHAT, PHONE}
    assert resolve([leads(), chats], "client", [CHAT]) == {ADA, LEAD, EMAIL, CHAT, PHONE}


def test_who_answered_is_not_asked_about_the_answer():
    people = Knows((IdKind.USER, IdKind.ANONYMOUS), {ADA, DEVICE})

    assert resolve([people, leads()], "client", [EMAIL]) == {EMAIL, LEAD, ADA, DEVICE}
    assert people.asked == [{ADA}]


def test_of_what_is_complete_only_others_are_asked():
    people, crm = Knows((IdKind.USER, IdKind.ANONYMOUS), {ADA, DEVICE}), leads()

    assert resolve([people, crm], "client", [ADA, DEVICE], complete=EVENT_KINDS) == {ADA, DEVICE, LEAD, EMAIL}
    assert (people.asked, crm.asked) == ([], [{ADA}])


def test_whom_nobody_knows_stays_as_named_and_features_that_resolve_nobody_are_not_asked():
    assert resolve([object(), leads()], "client", [PHONE]) == {PHONE}


def test_an_e_mail_is_one_however_it_is_written():
    assert Identifier.of(IdKind.EMAIL, " Ada@Example.com ") == EMAIL
    assert Identifier.of(IdKind.PHONE, "+4930123456") == PHONE

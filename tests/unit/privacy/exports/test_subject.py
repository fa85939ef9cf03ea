import msgspec
import pytest

from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.identity_graph import EdgeKind, IdentityGraph, Link
from groundswell.events.eventlog.model import Event
from groundswell.events.people.sightings import Sighting
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.privacy.exports.emails import givers
from groundswell.privacy.exports.model import SeveralPersons
from groundswell.privacy.exports.subject import about, mine

ADA, DEVICE = Identifier(IdKind.USER, "ada"), Identifier(IdKind.ANONYMOUS, "device")


@pytest.fixture
def people():
    """A device was ada's before it was bob's."""
    people = IdentityGraph()
    people.add([Link(EdgeKind.VISITOR_USER, "device", "ada", 1), Link(EdgeKind.VISITOR_USER, "device", "bob", 2)])
    return people


@pytest.mark.parametrize(
    "asked", [{"person": "device"}, {"person": "ada"}, {"user_id": "ada"}, {"anonymous_id": "device"}]
)
def test_every_id_of_a_person_leads_to_all_of_them(people, asked):
    assert about(people, asked, ()) >= {ADA, DEVICE}


def test_an_event_of_another_user_on_a_shared_device_is_not_exported(people):
    own = mine({"person": "ada"}, about(people, {"person": "ada"}, ()))

    seen = [Sighting(1, "bob", "device", None, None), Sighting(1, None, "device", None, None)]
    assert [own(sighting) for sighting in seen] == [False, True]


def test_of_a_wallet_only_events_that_name_it_are_exported():
    own = mine({"wallet": "eip155:1:0xAB"}, about(IdentityGraph(), {"wallet": "eip155:1:0xAB"}, ()))

    assert own(Sighting(1, "ada", None, "0xab", None))
    assert not own(Sighting(1, "ada", None, None, None))


def test_an_email_of_ids_that_are_one_person_is_that_persons_and_of_two_nobodys(people):
    identifiers = [("user_id", "ada"), ("anonymous_id", "device")]
    assert about(people, {"email": "a@b.example"}, identifiers) >= {ADA, DEVICE}

    with pytest.raises(SeveralPersons):
        about(people, {"email": "a@b.example"}, [*identifiers, ("user_id", "bob")])


@pytest.mark.parametrize(
    ("gives", "given"),
    [
        ({"traits": b'{"email":"A@b.example"}'}, True),
        ({"properties": b'{"$set":{"email":"a@B.example"}}'}, True),
        ({"context": b'{"traits":{"email":" a@b.example "}}'}, True),
        ({"traits": b'{"email":{"is":"a@b.example"}}'}, False),
        ({"properties": b'{"email":"a@b.example"}'}, False),
        ({"traits": b'{"email":"aa@b.example"}'}, False),
    ],
)
def test_who_gives_an_email(gives, given):
    event = Event(id="1", kind="identify", name="identify", ts=1, user_id="ada", **gives)

    identifiers = list(givers(Block(encode([event], 1)), "a@b.example"))

    assert identifiers == ([ADA] if given else [])


@pytest.mark.parametrize(
    ("written", "asked", "same"),
    [
        ("Ada@STRAẞE.example", "ada@xn--strae-oqa.example", True),
        ("ada@straße.example", "Ada@Straße.example", True),
        ("ada@straße.example", "ada@strasse.example", False),
        ("ada@strasse.example", "ada@straße.example", False),
        ("\u017fam@b.example", "sam@b.example", False),
        ("Straße", "STRASSE", False),
    ],
)
def test_an_email_is_the_same_in_any_spelling_and_no_other(written, asked, same):
    traits = msgspec.json.encode({"email": written})
    events = [
        Event(id="1", kind="identify", name="identify", ts=1, user_id="ada", traits=traits),
        Event(id="2", kind="track", name="Viewed", ts=1, user_id=written),
    ]

    identifiers = list(givers(Block(encode(events, 1)), asked))

    assert identifiers == ([ADA, Identifier(IdKind.USER, written)] if same else [])

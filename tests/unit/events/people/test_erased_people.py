"""After an erasure and a forgetting nothing that reads people knows the person, and everybody else is as they were."""

import pytest

from groundswell.analytics.questions.profiles import NobodyOfThatName, ProfileService
from groundswell.analytics.questions.rows import RowReader
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Somebody
from groundswell.events.people.service import PeopleService
from groundswell.personal_data.identifiers import IdKind
from tests.unit.events.people.test_profiles import Proofs
from tests.unit.events.people.test_who_is_who import WHOLE, Crowd
from tests.unit.events.rollups.history import LOG


@pytest.mark.parametrize("seed", range(4))
def test_an_erased_person_leaves_no_trace_in_profiles_links_or_rows(seed):
    world = Crowd(seed)
    world.live(rounds=30, crash=0)
    people = PeopleService(world.store)
    profiles = ProfileService(world.store, people, Proofs(), world.clock)
    rows = list(RowReader(world.store, "client").between(WHOLE))
    person = next(row.person for row in rows if row.user_id)
    ids = people.identifiers_of("client", person)
    blocks = people.blocks_of("client", ids)[LOG]
    users = {one.value for one in ids if one.kind is IdKind.USER}

    target = Somebody.named(ids)
    affected_blocks = find(world.store.blocks(LOG, sorted(blocks)).items(), target)
    Eraser(world.store, world.consumer(), world.clock).erase(LOG, affected_blocks, target)
    people.forget("client", ids)

    with pytest.raises(NobodyOfThatName):
        profiles.profile("client", person)
    assert users.isdisjoint(name for link in people.state("client").people.links() for name in (link.one, link.other))
    left = list(RowReader(world.store, "client").between(WHOLE))
    assert person not in {row.person for row in left}
    gone = {(row.block.ids[row.position]) for row in rows} - {row.block.ids[row.position] for row in left}
    assert gone
    committed = {block.sk for commit in world.store.commits(LOG, 0) for block in commit.blocks}
    assert not find(world.store.blocks(LOG, committed).items(), target)

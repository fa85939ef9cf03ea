"""What is left of searches and verdicts when their client, or a person, goes: nothing."""

from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.search import privacy as searches
from groundswell.validation import privacy as verdicts
from tests.integration.search.test_results import search, team  # noqa: F401 - a fixture
from tests.timers import due_timers

ADA = Identifier(IdKind.EMAIL, "ada.lovelace@acme.test")


def test_a_person_is_told_what_was_found_and_is_forgotten_with_it(search) -> None:  # noqa: F811
    people = [("Ada Lovelace", "Head of Growth"), ("Alan Turing", "CTO")]
    search.web.add("/team", team("Acme", "acme.test", *people))
    goal, client = search.goal(), search.person.client_id
    search.found(goal)
    [mine], [kept] = searches.personal_data(), verdicts.personal_data()

    [record] = mine.tell(client, [ADA], None).records
    assert "ada.lovelace@acme.test" in record["found"]
    for _ in range(2):
        mine.forget(client, [ADA])

    assert [result["name"] for result in search.results(goal).data] == ["Alan Turing"]
    assert "ada.lovelace@acme.test" not in str(search.backend.items("core"))
    assert sum(mine.purge(client)) > 0
    assert [item for item in search.backend.items("core") if item["pk"]["S"].startswith(f"SEARCHGOAL#{client}")] == []
    assert sum(kept.purge(client)) == len(people)


def test_verdicts_go_with_the_address_and_nobody_asks_again(search) -> None:  # noqa: F811
    search.backend.configure(DNS_SERVERS="", SMTP_PROBES="")
    client = search.person.client_id
    [checked] = search.person.post("/search/validate", {"email": ADA.value}).data
    assert checked["reasons"] == ["domain_not_found"]
    [mine] = verdicts.personal_data()

    [record] = mine.tell(client, [ADA], None).records
    assert (record["email"], record["verdict"]) == (ADA.value, "undeliverable")
    for _ in range(2):
        mine.forget(client, [ADA])

    assert mine.tell(client, [ADA], None).records == []
    assert due_timers(search.backend, client, "email.recheck") == []

"""The list of sessions, and ending one of them."""


def test_every_sign_in_is_listed_newest_first_and_the_current_one_is_marked(people, advance):
    ada = people.sign_up()
    advance(minutes=1)
    second = people.sign_in(ada.email)

    listed = second.get("/auth/sessions").data

    assert [session["current"] for session in listed] == [True, False]
    assert set(listed[0]) == {"id", "current", "device", "network", "created_at", "rotated_at", "ends_at"}
    assert listed[0]["created_at"] > listed[1]["created_at"]


def test_sessions_are_listed_page_by_page(people, advance):
    person = people.sign_up()
    for _ in range(4):
        advance(seconds=1)
        people.sign_in(person.email)
    everything = [session["id"] for session in person.get("/auth/sessions").data]

    ids, cursor = [], ""
    while cursor is not None:
        answer = person.get(f"/auth/sessions?limit=2{cursor}")
        ids += [session["id"] for session in answer.data]
        cursor = f"&cursor={answer.json['meta']['next_cursor']}" if answer.json["meta"]["has_more"] else None

    assert (len(ids), ids) == (5, everything)


def test_the_address_is_shown_only_as_a_network(gateway, people):
    ada = people.sign_up()
    body = {"email": ada.email, "password": "correct horse battery"}
    answer = gateway.post("/auth/login", body, ip="203.0.113.77", headers={"user-agent": "curl/8"})

    listed = gateway.get("/auth/sessions", token=answer.json["access_token"]).data

    newest = next(session for session in listed if session["current"])
    assert (newest["network"], newest["device"]) == ("203.0.113.0/24", "curl/8")


def test_an_ended_session_is_refused_and_not_listed(people, gateway):
    ada, second = (ada := people.sign_up()), people.sign_in(ada.email)
    session = next(session for session in second.get("/auth/sessions").data if session["current"])

    assert ada.delete(f"/auth/sessions/{session['id']}").status == 200

    assert second.get("/users/me").status == 401
    assert gateway.post("/auth/refresh", {"refresh_token": second.refresh_token}).status == 401
    assert session["id"] not in {session["id"] for session in ada.get("/auth/sessions").data}


def test_somebody_elses_session_is_as_missing_as_none(people):
    ada, eve = people.sign_up(), people.sign_up()
    hers = ada.get("/auth/sessions").data[0]["id"]

    foreign, missing = eve.delete(f"/auth/sessions/{hers}"), eve.delete("/auth/sessions/nothing")

    assert (foreign.status, foreign.code) == (missing.status, missing.code) == (404, "SESSION_NOT_FOUND")
    assert ada.get("/users/me").status == 200


def test_a_session_that_is_over_is_not_listed_even_before_the_table_forgets_it(people, advance):
    ada = people.sign_up()
    advance(days=6)
    second = people.sign_in(ada.email)
    advance(days=1, seconds=1)
    fresh = people.sign_in(ada.email)

    assert len(fresh.get("/auth/sessions").data) == 2
    assert second.id == fresh.id


def test_nobody_lists_or_ends_sessions_without_signing_in(gateway):
    assert gateway.get("/auth/sessions").status == 401
    assert gateway.delete("/auth/sessions/any").status == 401

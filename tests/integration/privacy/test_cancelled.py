"""An operation can be stopped half-way: `POST /operations/{id}/cancel`."""


def test_an_erasure_that_is_cancelled_goes_no_further(owner, past, worker):
    operation = worker.start({"person": "lovelace"})
    worker.step(operation)
    path = f"/operations/{operation['id']}"

    cancelled = owner.post(f"{path}/cancel?client_id={owner.client_id}")
    worker.told(operation)
    after = owner.get(f"{path}?client_id={owner.client_id}").data

    assert (cancelled.status, cancelled.data["status"]) == (200, "cancelled")
    assert (after["status"], after["result"], after["error"]) == ("cancelled", None, None)
    assert owner.post(f"{path}/cancel?client_id={owner.client_id}").data == after


def test_one_that_is_over_is_refused(owner, past, worker):
    operation = worker.erase({"person": "lovelace"})

    refused = owner.post(f"/operations/{operation['id']}/cancel?client_id={owner.client_id}")

    assert (refused.status, refused.code) == (409, "OPERATION_OVER")


def test_it_is_for_the_clients_own(owner, past, worker, people, gateway):
    operation = worker.start({"person": "lovelace"})
    path = f"/operations/{operation['id']}/cancel?client_id={owner.client_id}"

    assert gateway.post(path).status == 401
    assert people.sign_up().post(path).status == 404

from groundswell.http.openapi import merge


def document(path: str, reference: str, schemas: dict) -> dict:
    answer = {"200": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{reference}"}}}}}
    return {"paths": {path: {"get": {"operationId": path, "responses": answer}}}, "components": {"schemas": schemas}}


def schema_of(merged: dict, path: str) -> str:
    content = merged["paths"][path]["get"]["responses"]["200"]["content"]
    return content["application/json"]["schema"]["$ref"].rpartition("/")[2]


ENVELOPE = {"properties": {"data": {"$ref": "#/components/schemas/Item"}}}


def test_a_name_that_means_two_things_is_prefixed_by_its_function() -> None:
    merged = merge(
        [
            ("tasks", document("/a", "Item", {"Item": {"title": "task"}})),
            ("social_posts", document("/b", "Item", {"Item": {"title": "post"}})),
        ]
    )

    assert merged["components"]["schemas"] == {"Item": {"title": "task"}, "SocialPostsItem": {"title": "post"}}
    assert (schema_of(merged, "/a"), schema_of(merged, "/b")) == ("Item", "SocialPostsItem")


def test_one_name_for_one_thing_is_kept_once() -> None:
    item = {"Item": {"title": "same"}}

    merged = merge([("tasks", document("/a", "Item", item)), ("leads", document("/b", "Item", item))])

    assert merged["components"]["schemas"] == item


def test_what_refers_to_a_clashing_name_clashes_itself() -> None:
    merged = merge(
        [
            ("tasks", document("/a", "Envelope", {"Item": {"title": "task"}, "Envelope": ENVELOPE})),
            ("leads", document("/b", "Envelope", {"Item": {"title": "lead"}, "Envelope": ENVELOPE})),
        ]
    )

    schemas = merged["components"]["schemas"]
    assert schemas["Envelope"] == ENVELOPE
    assert schema_of(merged, "/b") == "LeadsEnvelope"
    assert schemas["LeadsEnvelope"]["properties"]["data"]["$ref"].endswith("/LeadsItem")


def test_functions_may_share_a_path() -> None:
    reads, writes = document("/a", "Item", {"Item": {}}), document("/a", "Item", {"Item": {}})
    writes["paths"]["/a"] = {"put": writes["paths"]["/a"]["get"]}

    assert set(merge([("reader", reads), ("writer", writes)])["paths"]["/a"]) == {"get", "put"}


def test_paths_are_in_alphabetical_order() -> None:
    merged = merge([("z", document("/z", "Item", {"Item": {}})), ("a", document("/a", "Item", {"Item": {}}))])

    assert list(merged["paths"]) == ["/a", "/z"]

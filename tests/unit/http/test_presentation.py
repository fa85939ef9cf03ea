"""The description has names that a stranger understands."""

from typing import Any

import pytest

from groundswell.http.presentation import presentable, stranger_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ClientOut", "ClientOut"),
        ("Envelope_ClientOut_", "ClientOutAnswer"),
        ("Listed_ClientOut_", "ClientOutPage"),
        ("Envelope_list_TalliedOut__", "TalliedOutListAnswer"),
        ("AnalyticsListed_MemberOut_", "AnalyticsMemberOutPage"),
        ("functions__analytics__cohorts__schemas__CohortOut", "CohortsCohortOut"),
        ("Envelope_functions__social_posts__schemas__PostOut_", "SocialPostsPostOutAnswer"),
    ],
)
def test_a_schema_is_named_for_what_it_is(name: str, shown: str) -> None:
    assert stranger_name(name) == shown


def described(**schemas: Any) -> dict[str, Any]:
    answer = {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Envelope_Item_"}}}}}
    get = {"operationId": "items.get", "summary": "Get", "tags": ["Items"], "responses": answer}
    alias = {**get, "operationId": "items.get.dashboard", "x-alias-of": "items.get"}
    return {
        "info": {},
        "paths": {"/a": {"get": get}, "/b": {"get": alias}},
        "components": {"schemas": {"Envelope_Item_": {}, **schemas}},
    }


def test_references_follow_and_no_two_titles_are_alike() -> None:
    item = {"title": "Item", "properties": {"title": {"type": "string", "title": "Title"}}}
    shown = presentable(described(Item=item))

    assert shown["components"]["schemas"]["Item"] == {"title": "Item", "properties": {"title": {"type": "string"}}}
    assert "'#/components/schemas/ItemAnswer'" in str(shown["paths"])
    assert [path["get"]["summary"] for path in shown["paths"].values()] == ["Get", "Get (dashboard)"]
    assert (shown["tags"], shown["servers"][0]["url"]) == ([{"name": "Items"}], "/")


def test_two_schemas_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        presentable(described(ItemAnswer={}))

"""API Gateway's choice among routes: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html."""

import pytest

from infra.catalogue import FUNCTIONS
from infra.declarations import Function, Routes
from infra.routing import Router, route_keys

PETS = Function(name="pets", feature="x", routes=(Routes("/pets"),))
TOYS = Function(name="toys", feature="x", routes=(Routes("/pets/{id}/toys", greedy=False),))
DOGS = Function(
    name="dogs", feature="x", routes=(Routes("/pets/dogs/toys", greedy=False), Routes("/v1", prefixes="own"))
)
REST = Function(name="rest", feature="x", default_route=True)
ROUTER = Router((REST, PETS, TOYS, DOGS))


@pytest.mark.parametrize(
    ("path", "owner", "key", "parameters"),
    [
        ("/pets", "pets", "ANY /pets", {}),
        ("/api/pets", "pets", "ANY /api/pets", {}),
        ("/api/v1/pets/7/x", "pets", "ANY /api/v1/pets/{proxy+}", {"proxy": "7/x"}),
        ("/pets/", "pets", "ANY /pets/{proxy+}", {"proxy": ""}),
        ("/pets/7/toys", "toys", "ANY /pets/{id}/toys", {"id": "7"}),
        ("/pets/dogs/toys", "dogs", "ANY /pets/dogs/toys", {}),
        ("/pets/7/toys/1", "pets", "ANY /pets/{proxy+}", {"proxy": "7/toys/1"}),
        ("/v1/batch", "dogs", "ANY /v1/{proxy+}", {"proxy": "batch"}),
        ("/api/v1/batch", "rest", "$default", {}),
        ("/petshop", "rest", "$default", {}),
        ("/", "rest", "$default", {}),
    ],
)
def test_the_most_specific_route_takes_the_request(path, owner, key, parameters):
    match = ROUTER.match(path)

    assert (match.function.name, match.route_key, match.parameters) == (owner, key, parameters)


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("//events", "ingest"),
        ("//v1//batch", "ingest"),
        ("/sdk//event", "ingest"),
        ("//clients", "system"),
        ("//static/array.js", "system"),
    ],
)
def test_what_sdks_post_arrives_though_they_double_slashes(path, owner):
    assert Router(FUNCTIONS).match(path).function.name == owner


def test_without_a_default_route_an_unknown_path_has_no_owner():
    assert Router((PETS,)).match("/nobody") is None


def test_two_owners_of_one_route_are_refused():
    twin = Function(name="twin", feature="x", routes=(Routes("/pets", greedy=False),))

    with pytest.raises(ValueError, match="ANY /pets"):
        Router((PETS, twin))


def test_the_catalogue_has_one_owner_for_each_route_and_stays_under_the_quota():
    Router(FUNCTIONS)

    assert sum(len(route_keys(function)) for function in FUNCTIONS) <= 300

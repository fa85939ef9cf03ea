"""A function of one route per behaviour, behind the real kit."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, Response
from pydantic import BaseModel

from groundswell.http.app import create_app, create_router, lambda_handler
from groundswell.http.envelope import Envelope, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.ratelimit import MINUTE
from groundswell.http.schema import In, Line
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page
from infra import catalogue
from infra.local.payload import Request, event
from infra.local.worker import LambdaContext
from infra.routing import Match
from tests.backend import Backend
from tests.gateway import Gateway, use_loop


class Thing(In):
    name: Line
    size: int = 1


class Seen(BaseModel):
    name: str


class Toy:
    """`raises` is thrown by `/raise`; `effects` counts what `POST /things` did; `secrets` what `/secrets` showed."""

    def __init__(self) -> None:
        self.raises: BaseException = RuntimeError()
        self.effects: list[str] = []
        self.during: Any = lambda: None

    def router(self) -> APIRouter:
        router = create_router("Toys")

        @router.get("/raise", **operation("toys.raise"))
        async def fail() -> Envelope[Seen]:
            raise self.raises

        @router.post("/things", **operation("things.create", status=201))
        async def create(body: Thing, response: Response) -> Envelope[Seen]:
            self.effects.append(body.name)
            self.during()
            response.headers["location"] = "/things/1"
            return created(Seen(name=f"{body.name} {len(self.effects)}"))

        @router.post("/secrets", **operation("secrets.create", status=201, shown_once=True))
        async def secret(body: Thing) -> Envelope[Seen]:
            self.effects.append(body.name)
            return created(Seen(name=f"canary-{body.name}"))

        @router.post("/things/{thing_id}/touch", **operation("things.touch"))
        async def touch(thing_id: str, force: int = 0) -> Envelope[Seen]:
            self.effects.append(f"{thing_id}{'!' * force}")
            return ok(Seen(name=thing_id))

        @router.get("/things", **operation("things.list"))
        async def list_things(paging: Paging, tenant: str = "a", color: str = "") -> Any:
            position = paging.position(tenant)
            start = int(position["id"]) if position else 0
            page = Page(tuple(Seen(name=str(number)) for number in range(start, min(start + paging.limit, 5))))
            return paging.answer(
                tenant, Page(page.items, {"id": str(start + paging.limit)} if start + paging.limit < 5 else None)
            )

        @router.get("/others", **operation("others.list"))
        async def list_others(paging: Paging, tenant: str = "a", color: str = "") -> Any:
            paging.position(tenant)
            return paging.answer(tenant, Page(()))

        @router.get("/boxes/{box_id}/things", **operation("boxes.things"))
        async def list_box(box_id: str, paging: Paging, tenant: str = "a") -> Any:
            paging.position(tenant)
            return paging.answer(tenant, Page((Seen(name=box_id),), {"id": "1"}))

        @router.get("/things/{thing_id}", **operation("things.get"))
        async def get_thing(thing_id: str, response: Response) -> Envelope[Seen]:
            tag(response, 3)
            return ok(Seen(name=thing_id))

        @router.put("/things/{thing_id}", **operation("things.update"))
        async def put_thing(thing_id: str, body: Thing, expected: IfMatch) -> Envelope[Seen]:
            if expected not in (None, 3):
                raise PreconditionFailed
            return ok(Seen(name=body.name))

        @router.delete("/things/{thing_id}", **operation("things.delete"))
        async def delete_thing(thing_id: str) -> Envelope[Seen]:
            return ok(Seen(name=thing_id))

        @router.get("/limited", **operation("toys.limited", limit=(3, MINUTE, "ip")))
        async def limited() -> Envelope[Seen]:
            return ok(Seen(name="limited"))

        @router.get("/alias", **operation("toys.alias", alias_of="toys.limited", limit=(3, MINUTE, "ip")))
        async def alias() -> Envelope[Seen]:
            return ok(Seen(name="alias"))

        return router


class ToyGateway(Gateway):
    def __init__(self, backend: Backend, ip: str, toy: Toy) -> None:
        super().__init__(backend, ip)
        use_loop()
        self.app = create_app(toy.router())
        self._handler = lambda_handler(self.app)

    def _deliver(self, request: Request, request_id: str) -> Any:
        use_loop()
        match = Match(catalogue.function("clients"), "ANY /{proxy+}", {})
        made = event(request, match, request_id=request_id, at=utc_now())
        return self._handler(made, LambdaContext(str(uuid4()), "toys", "512", "arn:local:toys", 1e12))


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture
def toys(moto: Backend, gateway: Gateway, toy: Toy) -> ToyGateway:
    return ToyGateway(moto, gateway.ip, toy)

"""Opt-outs that somebody read together with something else."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from groundswell.audience.model import Channel, OptOut, Reason
from groundswell.audience.opt_outs import Known, OptOutService, opt_out_ids
from groundswell.leads.model import Lead

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LEADS = [Lead(lead_id, "c", "u", NOW, NOW, NOW, NOW, email=f"{lead_id}@x.example") for lead_id in ("a", "b")]
IDS = [opt_out_ids("c", lead, Channel.EMAIL)[0] for lead in LEADS]
OUT = OptOut(IDS[1], "c", Channel.EMAIL, "b@x.example", Reason.UNSUBSCRIBED, "u", NOW, NOW)


class Store:
    def __init__(self) -> None:
        self.reads = 0

    def find(self, _client: str, ids: Collection[str]) -> Mapping[str, OptOut]:
        self.reads += 1
        return {OUT.id: OUT} if OUT.id in ids else {}


@pytest.mark.parametrize(
    ("known", "reads"),
    [
        (Known(frozenset(IDS), {OUT.id: OUT}), 0),
        (Known(frozenset([*IDS, "another's"]), {OUT.id: OUT}), 0),
        (Known(frozenset(IDS[:1])), 1),
        (None, 1),
    ],
)
def test_addresses_that_nobody_looked_for_are_read(known: Known | None, reads: int) -> None:
    store: Any = Store()
    assert OptOutService(store, lambda: NOW).reasons("c", LEADS, Channel.EMAIL, known) == {"b": Reason.UNSUBSCRIBED}
    assert store.reads == reads

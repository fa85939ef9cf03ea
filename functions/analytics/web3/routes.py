"""The endpoints of questions about chains."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.analytics.exact import ExactResponse
from functions.analytics.parameters import enveloped
from functions.analytics.questions.schemas import window_of
from functions.analytics.questions.wiring import Questions
from functions.analytics.web3 import examples
from functions.analytics.web3.schemas import (
    ConversionOut,
    TransactionOut,
    TransactionsPage,
    VolumeOut,
)
from groundswell.analytics.questions.answers import conversion_out, transactions_out, volume_out
from groundswell.analytics.questions.conversion import from_visit
from groundswell.analytics.questions.transactions import By, Wanted, volume
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Viewer
from groundswell.http.range import QueryRange
from groundswell.kernel.page import Page
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics")
_REFUSES: dict[str, Any] = {"errors": (401, 403, 404)}
_Text = Annotated[str | None, Query(max_length=200)]
TransactionPages = Annotated[PageRequest, paging(at_most=1000)]


def _in_pages(described: dict[str, Any]) -> dict[str, Any]:
    example = described["openapi_extra"]["responses"]["200"]["content"]["application/json"]["example"]
    example["meta"] = {"next_cursor": None, "has_more": False, "limit": 50}
    return described


@router.get(
    "/analytics/web3/transactions",
    response_model=TransactionsPage,
    **_in_pages(
        operation("web3.transactions", scope=Scope.ANALYTICS_READ, response_example=examples.TRANSACTIONS, **_REFUSES)
    ),
)
async def list_transactions(
    who: Viewer,
    page: TransactionPages,
    service: Questions,
    time_range: QueryRange,
    response: Response,
    chain: Annotated[_Text, Query(description="CAIP-2, such as `eip155:1`")] = None,
    tx_hash: _Text = None,
    status: _Text = None,
) -> Response:
    """Transactions by when they were first heard of, newest first, each once with the statuses it went through.

    Pages show the log and the range as they were when the first one was read.
    """
    wanted, position = Wanted(chain, tx_hash, status), page.position(who.client_id)
    answer = service.transaction_list(who.client_id, window_of(time_range), wanted, page.limit, position)
    listing = answer.value.listing
    meta = page.answer(who.client_id, Page[TransactionOut]((), answer.value.next)).meta.model_dump()
    body = enveloped(200, "Success", transactions_out(listing.shown, listing.total, answer.as_of))
    link = {name: value for name, value in response.headers.items() if name == "link"}
    return ExactResponse(body | {"meta": meta}, headers=link)


@router.get(
    "/analytics/web3/volume",
    response_model=Envelope[VolumeOut],
    **operation("web3.volume", scope=Scope.ANALYTICS_READ, response_example=examples.VOLUME, **_REFUSES),
)
async def query_volume(
    who: Viewer,
    service: Questions,
    time_range: QueryRange,
    by: By = By.CHAIN,
    top: Annotated[int, Query(ge=1, le=1_000)] = 50,
) -> Response:
    """How many transactions there were, how many were confirmed, and what those moved, by chain, contract or wallet."""
    answer = service.transactions(who.client_id, window_of(time_range), Wanted())
    return ExactResponse(enveloped(200, "Success", volume_out(volume(answer.value, by), top, answer.as_of)))


@router.get(
    "/analytics/web3/conversion",
    response_model=Envelope[ConversionOut],
    **operation("web3.conversion", scope=Scope.ANALYTICS_READ, response_example=examples.CONVERSION, **_REFUSES),
)
async def query_conversion(
    who: Viewer,
    service: Questions,
    time_range: QueryRange,
    within_seconds: Annotated[int, Query(ge=1, le=366 * 86_400)] = 7 * 86_400,
) -> Response:
    """How many of those who saw a page later showed a wallet, sent a transaction, had one confirmed."""
    answer = service.conversions(who.client_id, window_of(time_range), from_visit(within_seconds * 1000))
    return ExactResponse(enveloped(200, "Success", conversion_out(answer)))

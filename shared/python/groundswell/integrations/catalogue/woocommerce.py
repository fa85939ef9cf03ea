"""WooCommerce REST API v3, https://woocommerce.github.io/woocommerce-rest-api-docs. The shop is any host."""

from collections.abc import Callable

from groundswell.integrations.catalogue.signing import basic
from groundswell.integrations.catalogue.wording import get
from groundswell.integrations.paging import page_header
from groundswell.integrations.platform import Account, At, Call, Credentials, Field, Platform, Stream


def _list(path: str) -> Callable[[At], Call]:
    def ask(at: At) -> Call:
        since = {"modified_after": f"{at.since:%Y-%m-%dT%H:%M:%S}", "dates_are_gmt": "true"} if at.since else {}
        return get(path, {"per_page": 100, "page": at.cursor or "1", "orderby": "modified", "order": "asc", **since})

    return ask


def _customers(at: At) -> Call:
    """Customers know no time of change: all are read each time."""
    return get("/customers", {"per_page": 100, "page": at.cursor or "1", "role": "all"})


def _base(credentials: Credentials) -> str:
    text = credentials.get("store_url", "").strip().rstrip("/")
    return text if "://" in text else f"https://{text}"


PLATFORM = Platform(
    name="woocommerce",
    title="WooCommerce",
    category="commerce",
    auth="basic",
    url="",
    prefix="/wp-json/wc/v3",
    base=_base,
    foreign=True,
    credentials=(
        Field("store_url", "Address of the shop", secret=False, aliases=("url", "store", "site_url", "shop_url")),
        Field("consumer_key", "Consumer key", secret=False, aliases=("key",)),
        Field("consumer_secret", "Consumer secret", aliases=("secret",)),
    ),
    sign=basic("consumer_key", "consumer_secret"),
    message="message",
    probe=lambda at: get("/orders", {"per_page": 1}),
    account=lambda credentials: Account(_base(credentials).partition("://")[2].replace("#", "")),
    streams=(
        Stream(
            "orders",
            "order",
            _list("/orders"),
            "@",
            {
                "id": "id",
                "updated_at": "date_modified_gmt || date_modified",
                "created_at": "date_created_gmt || date_created",
                "amount": "total",
                "currency": "currency",
                "status": "status",
                "email": "billing.email",
                "customer_id": "customer_id",
            },
            page_header("x-wp-totalpages"),
        ),
        Stream(
            "customers",
            "contact",
            _customers,
            "@",
            {
                "id": "id",
                "updated_at": "date_modified_gmt || date_modified",
                "email": "email",
                "first_name": "first_name",
                "last_name": "last_name",
                "company": "billing.company",
                "phone": "billing.phone",
            },
            page_header("x-wp-totalpages"),
        ),
    ),
)

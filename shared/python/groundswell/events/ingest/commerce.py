"""What shop events mean for what was earned: https://segment.com/docs/connections/spec/ecommerce/v2/, the names before
it (https://segment.com/docs/connections/spec/ecommerce/), Google Analytics' recommended events for the same steps
(https://developers.google.com/analytics/devguides/collection/ga4/reference/events) and the Meta Pixel's standard ones
(https://developers.facebook.com/docs/meta-pixel/reference).

An amount is told at every step to a sale, so only the sale's own event is income. An update or a cancellation tells the
order's amount once more; what is paid back is told as a refund, whatever else its name says was refunded.
"""

import re
from collections.abc import Iterable


def _plain(name: str) -> str:
    """However it is spelled: `Order Refunded`, `order_refunded`, `orderRefunded`."""
    return "".join(filter(str.isalnum, name)).lower()


def _named(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_plain, names))


_REFUNDS = _named(
    (
        *("refund", "Partial Refund", "Full Refund", "Order Refund", "Payment Refund", "Chargeback"),
        *("Refund Issued", "Refund Completed", "Refund Processed", "Refund Succeeded", "Issued Refund"),
    )
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""Of a name in any spelling: `Order Refunded`, `charge.refunded`, `orderRefunded`."""
_DENIALS = frozenset(("non", "not", "never"))
_STEPS = _named(
    (
        *("Products Searched", "Product List Viewed", "Product List Filtered", "Promotion Viewed", "Promotion Clicked"),
        *(
            "Product Clicked",
            "Product Viewed",
            "Product Added",
            "Product Removed",
            "Product Shared",
            "Product Reviewed",
        ),
        *("Cart Viewed", "Cart Shared", "Checkout Started", "Checkout Step Viewed", "Checkout Step Completed"),
        *("Payment Info Entered", "Order Updated", "Order Cancelled", "Order Canceled"),
        *("Coupon Entered", "Coupon Applied", "Coupon Denied", "Coupon Removed"),
        *("Product Added to Wishlist", "Product Removed from Wishlist", "Wishlist Product Added to Cart"),
        *("Viewed Product Category", "Viewed Product", "Added Product", "Removed Product", "Viewed Checkout Step"),
        *("Completed Checkout Step", "Viewed Promotion", "Clicked Promotion", "Updated Order", "Cancelled Order"),
        *("view_item_list", "select_item", "view_item", "add_to_cart", "remove_from_cart", "view_cart"),
        *("add_to_wishlist", "begin_checkout", "add_payment_info", "add_shipping_info"),
        *("view_promotion", "select_promotion"),
        *("ViewContent", "AddPaymentInfo", "AddToWishlist", "InitiateCheckout"),
    )
)


def is_refund(name: str) -> bool:
    words = set(map(str.lower, _WORD.findall(name)))
    return _plain(name) in _REFUNDS or ("refunded" in words and words.isdisjoint(_DENIALS))


def is_step(name: str) -> bool:
    """On the way to a sale, or about one that was counted."""
    return _plain(name) in _STEPS

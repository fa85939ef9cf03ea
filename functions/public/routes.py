"""All public pages: each feature's stand in a folder of its own and are imported when first asked for."""

from groundswell.http.app import create_router

router = create_router("Public")
router.include_late(
    "functions.public.accounts.routes",
    "functions.public.invitations.routes",
    "functions.public.pages.routes",
    "functions.public.campaigns.routes",
    "functions.public.social.routes",
    "functions.public.reviews.routes",
    "functions.public.webinars.routes",
    "functions.public.whitepapers.routes",
    "functions.public.bookings.routes",
    "functions.public.embed.routes",
)

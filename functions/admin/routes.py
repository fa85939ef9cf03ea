"""The endpoints of administration, by noun."""

from groundswell.http.app import create_router

router = create_router("Admin")
router.include_late(
    "functions.admin.users.routes",
    "functions.admin.overview.routes",
    "functions.admin.deadletters.routes",
    "functions.admin.audit.routes",
    "functions.admin.usage.routes",
)

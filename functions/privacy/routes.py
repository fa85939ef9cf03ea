"""The endpoints of this function, by noun."""

from groundswell.http.app import create_router

router = create_router("Privacy")
router.include_late(
    "functions.privacy.verdicts.routes",
    "functions.privacy.suppressions.routes",
    "functions.privacy.erasures.routes",
    "functions.privacy.exports.routes",
    "functions.privacy.operations.routes",
)

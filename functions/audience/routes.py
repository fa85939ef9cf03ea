"""All endpoints of the audience, the lists at once and the others when they are called."""

from functions.audience.lists.routes import router as lists
from groundswell.http.app import create_router

router = create_router("Audience")
router.include_router(lists)
router.include_late(
    "functions.audience.members.routes",
    "functions.audience.segments.routes",
    "functions.audience.opt_outs.routes",
    "functions.audience.consents.routes",
    "functions.audience.imports.routes",
    "functions.audience.exports.routes",
)

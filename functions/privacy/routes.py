"""The endpoints of this function, by noun."""

from functions.privacy.erasures.routes import router as erasures_router
from functions.privacy.exports.routes import router as exports_router
from functions.privacy.operations.routes import router as operations_router
from functions.privacy.suppressions.routes import router as suppressions_router
from functions.privacy.verdicts.routes import router as verdicts_router
from groundswell.http.app import create_router

router = create_router("Privacy")
for each in (verdicts_router, suppressions_router, erasures_router, exports_router, operations_router):
    router.include_router(each)

"""The endpoints of administration, by noun."""

from functions.admin.audit.routes import router as audit_router
from functions.admin.deadletters.routes import router as deadletters_router
from functions.admin.overview.routes import router as overview_router
from functions.admin.usage.routes import router as usage_router
from functions.admin.users.routes import router as users_router
from groundswell.http.app import create_router

router = create_router("Admin")
for each in (users_router, overview_router, deadletters_router, audit_router, usage_router):
    router.include_router(each)

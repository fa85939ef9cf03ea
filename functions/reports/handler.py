"""The function `reports`."""

from functions.reports.benchmarks import router as benchmarks
from functions.reports.routes import router as reports
from functions.reports.schedules.routes import router
from groundswell.http.app import create_app, lambda_handler
from groundswell.storage.client import dynamodb, secrets

router.include_router(benchmarks)
router.include_router(reports)  # after `/reports/schedules` and `/reports/benchmarks`, which would be a report's id
app = create_app(router)
handler = lambda_handler(app, dynamodb, secrets)

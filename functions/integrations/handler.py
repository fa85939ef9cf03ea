"""The function `integrations`."""

from functions.integrations.data import router as data
from functions.integrations.hooks import router as hooks
from functions.integrations.routes import router
from groundswell.http.app import create_app, lambda_handler
from groundswell.storage.client import dynamodb, secrets

router.include_router(data)
router.include_router(hooks)
app = create_app(router)
handler = lambda_handler(app, dynamodb, secrets)

"""The function `social`."""

from functions.social.accounts.routes import router as accounts
from functions.social.engagement.routes import router as engagement
from functions.social.posts.routes import router
from groundswell.http.app import create_app, lambda_handler
from groundswell.storage.client import dynamodb, secrets

router.include_router(accounts)
router.include_router(engagement)
app = create_app(router)
handler = lambda_handler(app, dynamodb, secrets)

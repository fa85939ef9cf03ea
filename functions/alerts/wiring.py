"""The services of this function."""

from typing import Annotated

from groundswell.alerts.adapter_wiring import alert_service, evaluator, handling
from groundswell.alerts.evaluator import Evaluator
from groundswell.alerts.handling import Handling
from groundswell.alerts.service import AlertService
from groundswell.http.provide import provide

Alerts = Annotated[AlertService, provide(alert_service)]
Evaluating = Annotated[Evaluator, provide(evaluator)]
Instances = Annotated[Handling, provide(handling)]

"""Metrics as log lines in CloudWatch's embedded metric format: no call, no wait."""

import os
from collections.abc import Mapping

from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "Groundswell"


def metric(name: str, value: float, unit: MetricUnit = MetricUnit.Count, **dimensions: str) -> None:
    """Record one value of this stage. Keep dimensions few: every combination is a metric of its own, and is billed."""
    labels: Mapping[str, str] = {**dimensions, "stage": os.environ.get("STAGE", "local")}
    with single_metric(name=name, unit=unit, value=value, namespace=NAMESPACE) as line:
        for key, label in labels.items():
            line.add_dimension(name=key, value=label)

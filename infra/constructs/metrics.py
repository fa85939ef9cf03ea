"""The metrics that alarms and the dashboard watch, named by what they measure."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

PERIOD = Duration.minutes(5)
EDGE_REGION = "us-east-1"


def function_metric(name: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Of one Lambda function: Errors, Throttles, Invocations, Duration, IteratorAge."""
    return _metric("AWS/Lambda", metric, statistic, {"FunctionName": name}, f"{name} {metric}")


def queue_metric(name: str, metric: str) -> cloudwatch.Metric:
    """Of one queue: ApproximateNumberOfMessagesVisible, ApproximateAgeOfOldestMessage (seconds)."""
    return _metric("AWS/SQS", metric, "Maximum", {"QueueName": name}, name)


def http_api_metric(api_id: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Of the HTTP API: Count, 4xx, 5xx, Latency (ms)."""
    return _metric("AWS/ApiGateway", metric, statistic, {"ApiId": api_id}, metric)


def rest_api_metric(name: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Of the API that SDKs post to: Count, 4XXError, 5XXError, Latency (ms)."""
    return _metric("AWS/ApiGateway", metric, statistic, {"ApiName": name}, f"ingest {metric}")


def rule_metric(name: str, metric: str) -> cloudwatch.Metric:
    """Of one EventBridge rule on the default bus: FailedInvocations."""
    return _metric("AWS/Events", metric, "Sum", {"RuleName": name}, f"{name} {metric}")


def table_metric(name: str, metric: str, index: str | None = None) -> cloudwatch.Metric:
    """Of one table, or one of its indexes: Consumed…CapacityUnits, …ThrottleEvents."""
    dimensions = {"TableName": name} | ({"GlobalSecondaryIndexName": index} if index else {})
    return _metric("AWS/DynamoDB", metric, "Sum", dimensions, f"{index or ''} {metric}".strip())


def ses_metric(metric: str, statistic: str = "Maximum") -> cloudwatch.Metric:
    """Of the account's sending: Reputation.BounceRate, Reputation.ComplaintRate (fractions); Send, Delivery."""
    return _metric("AWS/SES", metric, statistic, {}, metric)


def edge_metric(distribution_id: str, metric: str, statistic: str = "Average") -> cloudwatch.Metric:
    """Of CloudFront, which reports to us-east-1 alone: Requests, 5xxErrorRate (percent)."""
    dimensions = {"DistributionId": distribution_id, "Region": "Global"}
    return _metric("AWS/CloudFront", metric, statistic, dimensions, metric).with_(region=EDGE_REGION)


def firewall_metric(name: str, metric: str) -> cloudwatch.Metric:
    """Of all rules of CloudFront's firewall: BlockedRequests, CountedRequests."""
    return _metric("AWS/WAFV2", metric, "Sum", {"WebACL": name, "Rule": "ALL"}, metric).with_(region=EDGE_REGION)


def own_metric(metric: str, service: str, stage: str, statistic: str = "Maximum") -> cloudwatch.Metric:
    """What a function publishes itself through its log: stages may share an account."""
    return _metric("Groundswell", metric, statistic, {"service": service, "stage": stage}, metric)


def error_search(stage: str) -> cloudwatch.MathExpression:
    """Every combination of code and operation that there was an error of (`http/edge.py`)."""
    of = f'{{Groundswell,code,operation,stage}} MetricName="Errors" stage="{stage}"'
    return cloudwatch.MathExpression(expression=f"SEARCH('{of}', 'Sum')", label="", using_metrics={}, period=PERIOD)


def _metric(namespace: str, metric: str, statistic: str, dimensions: dict[str, str], label: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=metric,
        statistic=statistic,
        dimensions_map=dimensions or None,
        label=label,
        period=PERIOD,
    )

"""The metrics that alarms and the dashboard watch, named by what they measure."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

PERIOD = Duration.minutes(5)


def function_metric(name: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Of one Lambda function: Errors, Throttles, Invocations, Duration, IteratorAge."""
    return _metric("AWS/Lambda", metric, statistic, {"FunctionName": name}, f"{name} {metric}")


def queue_metric(name: str, metric: str) -> cloudwatch.Metric:
    """Of one queue: ApproximateNumberOfMessagesVisible, ApproximateAgeOfOldestMessage (seconds)."""
    return _metric("AWS/SQS", metric, "Maximum", {"QueueName": name}, name)


def http_api_metric(api_id: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Of the HTTP API: Count, 4xx, 5xx, Latency (ms)."""
    return _metric("AWS/ApiGateway", metric, statistic, {"ApiId": api_id}, metric)


def rest_api_metric(name: str, metric: str) -> cloudwatch.Metric:
    """Of the browser SDKs' API: Count, 4XXError, 5XXError."""
    return _metric("AWS/ApiGateway", metric, "Sum", {"ApiName": name}, f"browser {metric}")


def ses_metric(metric: str) -> cloudwatch.Metric:
    """Of the account's sending: Reputation.BounceRate, Reputation.ComplaintRate (fractions)."""
    return _metric("AWS/SES", metric, "Maximum", {}, metric)


def own_metric(metric: str, service: str, stage: str) -> cloudwatch.Metric:
    """What a function publishes itself through its log: stages may share an account."""
    return _metric("Groundswell", metric, "Maximum", {"service": service, "stage": stage}, metric)


def _metric(namespace: str, metric: str, statistic: str, dimensions: dict[str, str], label: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=metric,
        statistic=statistic,
        dimensions_map=dimensions or None,
        label=label,
        period=PERIOD,
    )

"""The outputs that operators and the smoke test read, of whichever stack stands in front."""

from aws_cdk import CfnOutput, Stack


def say_api_url(stack: Stack, url: str) -> None:
    CfnOutput(stack, "ApiUrl", value=url, description="Base URL of the API")
    CfnOutput(stack, "DocsUrl", value=f"{url}/docs", description="The API's documentation")


def say_ingest_url(stack: Stack, url: str) -> None:
    CfnOutput(stack, "IngestUrl", value=url, description="What SDKs post to")

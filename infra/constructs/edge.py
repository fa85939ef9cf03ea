"""CloudFront with the firewall, in front of both APIs."""

import json
import re
from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from infra import catalogue
from infra.constructs.acknowledge import acknowledge
from infra.constructs.http_api import HttpApi
from infra.constructs.ingest_api import IngestApi
from infra.constructs.origin_secret import OriginSecret
from infra.routing import INGEST_STAGE, patterns
from infra.stage import Stage

# What tells a function that a request came through CloudFront, and whom from: `groundswell.http.caller`.
ORIGIN_HEADER = "x-origin-secret"
VIEWER_HEADER = "x-viewer-address"
ORIGIN_TIMEOUT = Duration.seconds(30)
# Cache behaviours of a distribution: AWS's default quota was 25 and is 75 in newer editions of its page. Keep to the
# lower one, so that no operator has to ask for more before the first deployment.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_BEHAVIOURS = 25
# What ingest reads of a viewer's place. CloudFront adds such headers where a policy names them. An origin request
# policy that does sends `Host` as well, which API Gateway refuses; what a cache policy names goes to the origin, too:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html
PLACE_HEADERS = ("CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region", "CloudFront-Viewer-City")
_KEY_HEADERS = ("Authorization", "X-API-Key")  # so that two clients' requests are never one to CloudFront
_INGEST_ORIGIN = "ingest"


def way_in(ingest_paths: Iterable[str]) -> str:
    """CloudFront's function for what comes in, given the path patterns that go to the REST API.

    The viewer's address is put into a header of our own, whatever the viewer claims. Adtivity's SDK appends `/events`
    to a base URL that ends in a slash: no API Gateway has a route for `//events`, and CloudFront has chosen the
    behaviour before the function runs, so that the function chooses the origin:
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html
    """
    expressions = (re.escape(pattern).replace(r"\*", ".*") for pattern in ingest_paths)
    return f"""import cf from "cloudfront";
const INGEST = new RegExp({json.dumps(f"^(?:{'|'.join(expressions)})$")});
function handler(event) {{
  const request = event.request;
  request.headers["{VIEWER_HEADER}"] = {{ value: event.viewer.ip }};
  const uri = request.uri.replace(/^\\/+/, "/");
  if (uri !== request.uri) {{
    request.uri = uri;
    if (INGEST.test(uri)) cf.selectRequestOriginById("{_INGEST_ORIGIN}");
  }}
  return request;
}}"""


class Edge(Construct):
    """Nothing is cached. What SDKs post goes to the REST API, all else to the HTTP API."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        firewall_arn: str,
        http_api: HttpApi,
        ingest_api: IngestApi,
        secret: OriginSecret,
    ) -> None:
        super().__init__(scope, construct_id)
        ingest_paths = patterns(catalogue.function(catalogue.BYTES_FUNCTION), catalogue.FUNCTIONS)
        self._secret = secret.secret
        self._way_in = self._make_way_in(ingest_paths)
        api = self._behaviour(self._origin("api", http_api.domain), cloudfront.CachePolicy.CACHING_DISABLED)
        ingest = self._behaviour(
            self._origin(_INGEST_ORIGIN, ingest_api.domain, f"/{INGEST_STAGE}"), self._make_policy_with_place(stage)
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=stage.physical_name("edge"),
            default_behavior=api,
            additional_behaviors=dict.fromkeys(ingest_paths, ingest),
            web_acl_id=firewall_arn,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if stage.domain_name else None,
            domain_names=[stage.domain_name] if stage.domain_name else None,
            certificate=self._certificate(stage),
        )
        self._acknowledge(stage)
        self.url = f"https://{stage.domain_name or self.distribution.distribution_domain_name}"

    def _make_way_in(self, ingest_paths: Iterable[str]) -> cloudfront.Function:
        return cloudfront.Function(
            self,
            "WayIn",
            code=cloudfront.FunctionCode.from_inline(way_in(ingest_paths)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="Who asks; and //events is /events",
        )

    def _make_policy_with_place(self, stage: Stage) -> cloudfront.CachePolicy:
        """Caches what says for how long, and then for a second: with none at all, AWS lets a policy name no header."""
        return cloudfront.CachePolicy(
            self,
            "Place",
            cache_policy_name=stage.physical_name("ingest"),
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.seconds(1),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*PLACE_HEADERS, *_KEY_HEADERS),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        )

    def _certificate(self, stage: Stage) -> acm.ICertificate | None:
        if not stage.domain_name:
            return None
        return acm.Certificate.from_certificate_arn(self, "Certificate", stage.certificate_arn)

    def _acknowledge(self, stage: Stage) -> None:
        acknowledge(
            self.distribution,
            "CloudFront's logs carry query strings; the APIs behind it log every request without them.",
            "AwsSolutions-CFR3",
        )
        acknowledge(self.distribution, "Customers are everywhere.", "AwsSolutions-CFR1")
        if not stage.domain_name:
            acknowledge(
                self.distribution,
                "CloudFront's own certificate fixes the protocol: with `-c domain_name` TLS 1.2 is the least.",
                "AwsSolutions-CFR4",
            )

    def _origin(self, origin_id: str, domain: str, path: str | None = None) -> origins.HttpOrigin:
        # A dynamic reference: the template names the secret, CloudFormation fills in its value.
        value = self._secret.secret_value.unsafe_unwrap()
        return origins.HttpOrigin(
            domain,
            origin_id=origin_id,
            origin_path=path,
            custom_headers={ORIGIN_HEADER: value},
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            read_timeout=ORIGIN_TIMEOUT,
        )

    def _behaviour(self, origin: origins.HttpOrigin, cache: cloudfront.ICachePolicy) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cache,
            # Everything but Host, which API Gateway needs to be its own.
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            function_associations=[
                cloudfront.FunctionAssociation(
                    function=self._way_in, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                )
            ],
        )

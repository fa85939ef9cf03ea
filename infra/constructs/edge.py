"""CloudFront with the firewall, in front of both APIs."""

from collections.abc import Iterable

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.http_api import HttpApi
from infra.constructs.ingest_api import IngestApi
from infra.routing import INGEST_STAGE
from infra.stage import Stage

# What tells a function that a request came through CloudFront, and whom from: `groundswell.http.caller`.
ORIGIN_HEADER = "x-origin-secret"
VIEWER_HEADER = "x-viewer-address"
ORIGIN_TIMEOUT = Duration.seconds(30)
# Cache behaviours of a distribution: AWS's default quota was 25 and is 75 in newer editions of its page. Keep to the
# lower one, so that no operator has to ask for more before the first deployment.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_BEHAVIOURS = 25
# Adtivity's SDK appends `/events` to a base URL that ends in a slash. No API Gateway has a route for that.
DOUBLED = "//*"
# The viewer's address is put into a header of our own: the managed policy promises the viewer's headers, and whether
# it adds CloudFront's about the viewer AWS does not say.
_ON_THE_WAY_IN = f"""function handler(event) {{
  var request = event.request;
  request.uri = request.uri.replace(/^\\/+/, "/");
  request.headers["{VIEWER_HEADER}"] = {{ value: event.viewer.ip }};
  return request;
}}"""


class Edge(Construct):
    """Nothing is cached. `browser_paths` (patterns) and doubled slashes go to the REST API, else to the HTTP API."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        firewall_arn: str,
        http_api: HttpApi,
        ingest_api: IngestApi,
        browser_paths: Iterable[str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.secret = self._make_secret(stage)
        api, ingest = self._origin(http_api.domain), self._origin(ingest_api.domain, f"/{INGEST_STAGE}")
        way_in = self._make_way_in()
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=stage.physical_name("edge"),
            default_behavior=_behaviour(api, way_in),
            additional_behaviors=dict.fromkeys((*browser_paths, DOUBLED), _behaviour(ingest, way_in)),
            web_acl_id=firewall_arn,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            domain_names=[stage.domain_name] if stage.domain_name else None,
            certificate=self._certificate(stage),
        )
        self._acknowledge(stage)
        self.url = f"https://{stage.domain_name or self.distribution.distribution_domain_name}"

    def trust(self, function: lambda_.Function) -> None:
        """Let the function read the secret: it turns others away, and believes CloudFront who a request is from."""
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.secret.secret_arn])
        )
        function.add_environment("SECRET_ORIGIN", self.secret.secret_arn)

    def _make_way_in(self) -> cloudfront.Function:
        return cloudfront.Function(
            self,
            "WayIn",
            code=cloudfront.FunctionCode.from_inline(_ON_THE_WAY_IN),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="Who asks; and //events is /events",
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

    def _make_secret(self, stage: Stage) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"groundswell {stage.name}: the header by which functions know CloudFront",
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=64),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            secret,
            "Rotating it means a deployment: CloudFront reads it when the distribution changes.",
            "AwsSolutions-SMG4",
        )
        return secret

    def _origin(self, domain: str, path: str | None = None) -> origins.HttpOrigin:
        # A dynamic reference: the template names the secret, CloudFormation fills in its value.
        value = self.secret.secret_value.unsafe_unwrap()
        return origins.HttpOrigin(
            domain,
            origin_path=path,
            custom_headers={ORIGIN_HEADER: value},
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            read_timeout=ORIGIN_TIMEOUT,
        )


def _behaviour(origin: origins.HttpOrigin, way_in: cloudfront.Function) -> cloudfront.BehaviorOptions:
    """`way_in` changes requests as they come in."""
    return cloudfront.BehaviorOptions(
        origin=origin,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        # Everything but Host, which API Gateway needs to be its own.
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        function_associations=[
            cloudfront.FunctionAssociation(function=way_in, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)
        ],
    )

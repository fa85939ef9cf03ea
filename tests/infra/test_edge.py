import json
import subprocess
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from groundswell.events.ingest import visitor
from groundswell.http import caller
from infra import catalogue
from infra.constructs import edge
from infra.constructs.edge import MOST_BEHAVIOURS
from infra.routing import paths
from tests.infra.aws import WEAK, occurrences
from tests.infra.synthesis import Synthesis


def _distribution(synthesis: Synthesis) -> dict[str, Any]:
    [distribution] = synthesis.resources("AWS::CloudFront::Distribution")
    configuration: dict[str, Any] = distribution.properties["DistributionConfig"]
    return configuration


def test_cloudfront_with_a_firewall_stands_before_staging_and_prod(staging: Synthesis, prod: Synthesis) -> None:
    for synthesis in (staging, prod):
        assert synthesis.words("Edge", _distribution(synthesis)["WebACLId"])
        assert synthesis.resources("AWS::WAFv2::WebACL", "Firewall")


def test_neither_dev_nor_the_local_stage_pays_for_one(dev: Synthesis, local: Synthesis) -> None:
    for synthesis in (dev, local):
        assert "Firewall" not in synthesis.templates
        assert synthesis.resources("AWS::CloudFront::Distribution") == []
        assert synthesis.resources("AWS::WAFv2::WebACL") == []


def test_the_firewall_is_in_us_east_1_wherever_the_stage_is(staging: Synthesis, prod: Synthesis) -> None:
    assert (staging.regions["Firewall"], staging.regions["Edge"]) == ("us-east-1", "eu-central-1")
    assert (prod.regions["Firewall"], prod.regions["Edge"]) == ("us-east-1", "us-east-1")


def test_only_the_firewalls_and_the_distributions_names_cross_a_region_and_no_custom_resource_carries_them(
    staging: Synthesis,
) -> None:
    """The distribution's because CloudFront's metrics, and so their alarm, are in us-east-1 alone."""
    read = [
        (name, reference) for name, template in staging.templates.items() for reference in occurrences(WEAK, template)
    ]

    across = {
        (name, reference["StackName"]) for name, reference in read if reference["Region"] != staging.regions[name]
    }
    assert across == {("Edge", "Groundswell-staging-Firewall"), ("EdgeMonitoring", "Groundswell-staging-Edge")}
    assert not [resource for resource in staging.everything() if resource.kind.startswith("Custom::")]


def test_origins_are_told_a_secret_that_the_template_does_not_know(prod: Synthesis) -> None:
    for origin in _distribution(prod)["Origins"]:
        [header] = origin["OriginCustomHeaders"]
        assert header["HeaderName"] == "x-origin-secret"
        assert prod.words("Edge", header["HeaderValue"]).startswith("{{resolve:secretsmanager:Gateway/Origin/Secret:")


def test_functions_may_read_that_secret_only_where_cloudfront_sends_it(prod: Synthesis, dev: Synthesis) -> None:
    for function in catalogue.FUNCTIONS:
        if function.routes:
            made = prod.function(function.name)
            environment = made.properties["Environment"]["Variables"]
            assert prod.words(made.stack, environment["SECRET_ORIGIN"]) == "Gateway/Origin/Secret"
        assert "SECRET_ORIGIN" not in dev.function(function.name).properties["Environment"]["Variables"]


def test_nothing_is_cached_that_does_not_say_so_and_every_method_passes_over_tls(prod: Synthesis) -> None:
    configuration = _distribution(prod)
    disabled, all_viewer_except_host = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"

    assert configuration["DefaultCacheBehavior"]["CachePolicyId"] == disabled
    for behaviour in (configuration["DefaultCacheBehavior"], *configuration["CacheBehaviors"]):
        assert behaviour["OriginRequestPolicyId"] == all_viewer_except_host
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert behaviour.get("CachedMethods", ["GET", "HEAD"]) == ["GET", "HEAD"]
        assert {"DELETE", "OPTIONS", "PATCH", "POST", "PUT"} <= set(behaviour["AllowedMethods"])
    for origin in configuration["Origins"]:
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_where_a_viewer_is_reaches_who_reads_it(prod: Synthesis) -> None:
    """What a cache policy names is sent to the origin; what none names may not be."""
    [policy] = prod.resources("AWS::CloudFront::CachePolicy")
    settings = policy.properties["CachePolicyConfig"]
    named = settings["ParametersInCacheKeyAndForwardedToOrigin"]

    for behaviour in _distribution(prod)["CacheBehaviors"]:
        assert prod.words("Edge", behaviour["CachePolicyId"]) == policy.path
    headers = {header.lower() for header in named["HeadersConfig"]["Headers"]}
    assert set(visitor._PLACES.values()) <= headers, "whatever ingest reads of the viewer's place"
    assert {"authorization", "x-api-key"} <= headers, "no two clients' requests are one"
    assert len(headers) <= 10, "AWS's quota of a cache policy"
    assert named["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert (settings["MinTTL"], settings["DefaultTTL"], settings["MaxTTL"]) == (0, 0, 1)


def test_what_browsers_post_goes_to_the_api_that_leaves_it_as_it_is(prod: Synthesis) -> None:
    configuration = _distribution(prod)
    [rest] = [origin for origin in configuration["Origins"] if origin.get("OriginPath")]

    behaviours = configuration["CacheBehaviors"]
    assert {behaviour["TargetOriginId"] for behaviour in behaviours} == {rest["Id"]}
    for function in catalogue.FUNCTIONS:
        for path in (path for routes in function.routes for path in paths(routes)):
            request_path = path.replace("{proxy+}", "x")
            matched = any(fnmatchcase(request_path, behaviour["PathPattern"]) for behaviour in behaviours)
            assert matched == (function.name == "ingest"), path
    assert prod.words("Edge", rest["DomainName"]).startswith("Ingest/BrowserApi/Api.execute-api.")


def test_behaviours_stay_within_the_quota_of_every_account(prod: Synthesis) -> None:
    behaviours = _distribution(prod)["CacheBehaviors"]

    assert len(behaviours) + 1 <= MOST_BEHAVIOURS == 25
    assert len({behaviour["PathPattern"] for behaviour in behaviours}) == len(behaviours)


def test_every_request_is_told_who_it_is_from_whatever_it_says_itself(prod: Synthesis) -> None:
    configuration = _distribution(prod)

    request, _ = _way_in(prod)("/auth/login", {"x-viewer-address": {"value": "192.0.2.1"}}, "203.0.113.9")
    assert request["headers"] == {"x-viewer-address": {"value": "203.0.113.9"}}
    for behaviour in (configuration["DefaultCacheBehavior"], *configuration["CacheBehaviors"]):
        [association] = behaviour["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
    assert caller.VIEWER_HEADER == edge.VIEWER_HEADER
    assert caller.SECRET_HEADER == edge.ORIGIN_HEADER


@pytest.mark.parametrize(
    ("came", "goes", "chosen"),
    [
        ("//events", "/events", "ingest"),
        ("///v1/batch", "/v1/batch", "ingest"),
        ("//s/x", "/s/x", "ingest"),
        ("//api/v1/sdk/event", "/api/v1/sdk/event", "ingest"),
        ("//system/info", "/system/info", None),
        ("//eventsx", "/eventsx", "ingest"),  # CloudFront's `/events*` takes it, too
        ("//auth/login", "/auth/login", None),
        ("/events", "/events", None),  # its behaviour has that origin already
        ("/a//b", "/a//b", None),
        ("/", "/", None),
    ],
)
def test_a_doubled_slash_at_the_beginning_is_one_and_goes_where_one_would(
    prod: Synthesis, came: str, goes: str, chosen: str | None
) -> None:
    request, origin = _way_in(prod)(came, {}, "2001:db8::1")

    assert (request["uri"], origin) == (goes, chosen)
    configuration = _distribution(prod)
    assert not [behavior for behavior in configuration["CacheBehaviors"] if behavior["PathPattern"].startswith("//")]
    [rest] = [origin for origin in configuration["Origins"] if origin.get("OriginPath")]
    assert rest["Id"] == "ingest"


type WayIn = Callable[[str, dict[str, Any], str], tuple[dict[str, Any], str | None]]


def _way_in(synthesis: Synthesis) -> WayIn:
    """CloudFront's function, run by Node, with what it says of the origin: its module is played here."""
    [function] = synthesis.resources("AWS::CloudFront::Function")
    imported, _, code = function.properties["FunctionCode"].partition("\n")
    assert imported == 'import cf from "cloudfront";'

    def run(uri: str, headers: dict[str, Any], ip: str) -> tuple[dict[str, Any], str | None]:
        event = json.dumps({"request": {"uri": uri, "headers": headers}, "viewer": {"ip": ip}})
        module = "let chosen = null; const cf = { selectRequestOriginById: (id) => { chosen = id; } };"
        script = f"{module}\n{code}\nconsole.log(JSON.stringify([handler({event}), chosen]))"
        done = subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True)
        request, chosen = json.loads(done.stdout)
        return request, chosen

    return run


def test_a_domain_of_the_operators_is_served_with_tls_1_2_or_later(staging: Synthesis) -> None:
    configuration = _distribution(staging)

    assert configuration["Aliases"] == ["api.example.com"]
    assert configuration["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert staging.outputs("Edge")["ApiUrl"] == staging.outputs("Edge")["IngestUrl"] == "https://api.example.com"

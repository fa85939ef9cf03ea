import json
import subprocess
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from groundswell.http import caller
from infra import catalogue
from infra.constructs import edge
from infra.constructs.edge import MOST_BEHAVIOURS
from infra.routing import paths
from tests.infra.aws import WEAK, found
from tests.infra.synthesis import Synthesis


def _distribution(synthesis: Synthesis) -> dict[str, Any]:
    [found] = synthesis.resources("AWS::CloudFront::Distribution")
    configuration: dict[str, Any] = found.properties["DistributionConfig"]
    return configuration


def test_cloudfront_with_a_firewall_stands_before_staging_and_prod(staging: Synthesis, prod: Synthesis) -> None:
    for synthesis in (staging, prod):
        assert synthesis.words("Api", _distribution(synthesis)["WebACLId"])
        assert synthesis.resources("AWS::WAFv2::WebACL", "Firewall")


def test_neither_dev_nor_the_local_stage_pays_for_one(dev: Synthesis, local: Synthesis) -> None:
    for synthesis in (dev, local):
        assert "Firewall" not in synthesis.templates
        assert synthesis.resources("AWS::CloudFront::Distribution") == []
        assert synthesis.resources("AWS::WAFv2::WebACL") == []


def test_the_firewall_is_in_us_east_1_wherever_the_stage_is(staging: Synthesis, prod: Synthesis) -> None:
    assert (staging.regions["Firewall"], staging.regions["Api"]) == ("us-east-1", "eu-central-1")
    assert (prod.regions["Firewall"], prod.regions["Api"]) == ("us-east-1", "us-east-1")


def test_only_the_firewalls_name_crosses_a_region_and_no_custom_resource_carries_it(staging: Synthesis) -> None:
    read = [(name, each) for name, template in staging.templates.items() for each in found(WEAK, template)]

    across = {(name, each["StackName"]) for name, each in read if each["Region"] != staging.regions[name]}
    assert across == {("Api", "Groundswell-staging-Firewall")}
    assert not [each for each in staging.everything() if each.kind.startswith("Custom::")]


def test_origins_are_told_a_secret_that_the_template_does_not_know(prod: Synthesis) -> None:
    for origin in _distribution(prod)["Origins"]:
        [header] = origin["OriginCustomHeaders"]
        assert header["HeaderName"] == "x-origin-secret"
        assert prod.words("Api", header["HeaderValue"]).startswith("{{resolve:secretsmanager:Api/Edge/Secret:")


def test_functions_may_read_that_secret_only_where_cloudfront_sends_it(prod: Synthesis, dev: Synthesis) -> None:
    for function in catalogue.FUNCTIONS:
        if function.routes:
            environment = prod.function(function.name).properties["Environment"]["Variables"]
            assert prod.words("Api", environment["SECRET_ORIGIN"]) == "Api/Edge/Secret"
        assert "SECRET_ORIGIN" not in dev.function(function.name).properties["Environment"]["Variables"]


def test_nothing_is_cached_and_every_method_passes_over_tls(prod: Synthesis) -> None:
    configuration = _distribution(prod)
    disabled, all_viewer_except_host = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"

    for behaviour in (configuration["DefaultCacheBehavior"], *configuration["CacheBehaviors"]):
        assert behaviour["CachePolicyId"] == disabled
        assert behaviour["OriginRequestPolicyId"] == all_viewer_except_host
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert {"DELETE", "OPTIONS", "PATCH", "POST", "PUT"} <= set(behaviour["AllowedMethods"])
    for origin in configuration["Origins"]:
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_what_browsers_post_goes_to_the_api_that_leaves_it_as_it_is(prod: Synthesis) -> None:
    configuration = _distribution(prod)
    [rest] = [each for each in configuration["Origins"] if each.get("OriginPath")]

    behaviours = configuration["CacheBehaviors"]
    assert {each["TargetOriginId"] for each in behaviours} == {rest["Id"]}
    for function in catalogue.FUNCTIONS:
        for path in (path for routes in function.routes for path in paths(routes)):
            asked = path.replace("{proxy+}", "x")
            taken = any(fnmatchcase(asked, each["PathPattern"]) for each in behaviours)
            assert taken == (function.name == "ingest"), path
    assert prod.words("Api", rest["DomainName"]).startswith("Api/BrowserApi/Api.execute-api.")


def test_behaviours_stay_within_the_quota_of_every_account(prod: Synthesis) -> None:
    behaviours = _distribution(prod)["CacheBehaviors"]

    assert len(behaviours) + 1 <= MOST_BEHAVIOURS == 25
    assert len({each["PathPattern"] for each in behaviours}) == len(behaviours)


def test_every_request_is_told_who_it_is_from_whatever_it_says_itself(prod: Synthesis) -> None:
    configuration = _distribution(prod)
    code = _way_in(prod)

    asked = code("/auth/login", {"x-viewer-address": {"value": "192.0.2.1"}}, "203.0.113.9")
    assert asked["headers"] == {"x-viewer-address": {"value": "203.0.113.9"}}
    for behaviour in (configuration["DefaultCacheBehavior"], *configuration["CacheBehaviors"]):
        [association] = behaviour["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
    assert caller.VIEWER_HEADER == edge.VIEWER_HEADER
    assert caller.SECRET_HEADER == edge.ORIGIN_HEADER


@pytest.mark.parametrize(
    ("came", "goes"), [("//events", "/events"), ("///v1/batch", "/v1/batch"), ("/a//b", "/a//b"), ("/", "/")]
)
def test_a_doubled_slash_at_the_beginning_is_one_before_an_api_sees_it(prod: Synthesis, came: str, goes: str) -> None:
    assert _way_in(prod)(came, {}, "2001:db8::1")["uri"] == goes
    assert "//*" in {each["PathPattern"] for each in _distribution(prod)["CacheBehaviors"]}


def _way_in(synthesis: Synthesis) -> Callable[[str, dict[str, Any], str], dict[str, Any]]:
    """CloudFront's function, run by Node."""
    [function] = synthesis.resources("AWS::CloudFront::Function")

    def run(uri: str, headers: dict[str, Any], ip: str) -> dict[str, Any]:
        event = json.dumps({"request": {"uri": uri, "headers": headers}, "viewer": {"ip": ip}})
        script = f"{function.properties['FunctionCode']}\nconsole.log(JSON.stringify(handler({event})))"
        done = subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True)
        request: dict[str, Any] = json.loads(done.stdout)
        return request

    return run


def test_a_domain_of_the_operators_is_served_with_tls_1_2_or_later(staging: Synthesis) -> None:
    configuration = _distribution(staging)

    assert configuration["Aliases"] == ["api.example.com"]
    assert configuration["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert staging.outputs("Api")["ApiUrl"] == staging.outputs("Api")["IngestUrl"] == "https://api.example.com"

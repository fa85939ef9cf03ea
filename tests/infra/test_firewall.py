"""What the firewall does with a request, by its template, as AWS documents its statements and labels.

Rules and labels: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html. A rule
that counts leaves its label, which later rules match:
https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-label-match.html.
"""

import re
from typing import Any

import pytest

from infra import catalogue
from infra.routing import paths
from tests.infra.synthesis import Synthesis

COMMON, KNOWN_BAD = "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"
NAMESPACES = {COMMON: "awswaf:managed:aws:core-rule-set:", KNOWN_BAD: "awswaf:managed:aws:known-bad-inputs:"}
# Rules of AWS's that look at what an event carries, or how a server or page sends it, with the labels they leave.
ON_CONTENT = {
    COMMON: {
        "NoUserAgent_HEADER": "NoUserAgent_Header",
        "SizeRestrictions_QUERYSTRING": "SizeRestrictions_QueryString",
        "SizeRestrictions_Cookie_HEADER": "SizeRestrictions_Cookie_Header",
        "SizeRestrictions_BODY": "SizeRestrictions_Body",
        "EC2MetaDataSSRF_BODY": "EC2MetaDataSSRF_Body",
        "EC2MetaDataSSRF_COOKIE": "EC2MetaDataSSRF_Cookie",
        "EC2MetaDataSSRF_QUERYARGUMENTS": "EC2MetaDataSSRF_QueryArguments",
        "GenericLFI_QUERYARGUMENTS": "GenericLFI_QueryArguments",
        "GenericLFI_BODY": "GenericLFI_Body",
        "RestrictedExtensions_QUERYARGUMENTS": "RestrictedExtensions_QueryArguments",
        "GenericRFI_QUERYARGUMENTS": "GenericRFI_QueryArguments",
        "GenericRFI_BODY": "GenericRFI_Body",
        "CrossSiteScripting_COOKIE": "CrossSiteScripting_Cookie",
        "CrossSiteScripting_QUERYARGUMENTS": "CrossSiteScripting_QueryArguments",
        "CrossSiteScripting_BODY": "CrossSiteScripting_Body",
    },
    KNOWN_BAD: {
        "JavaDeserializationRCE_BODY": "JavaDeserializationRCE_Body",
        "JavaDeserializationRCE_QUERYSTRING": "JavaDeserializationRCE_QueryString",
        "Log4JRCE_QUERYSTRING": "Log4JRCE_QueryString",
        "Log4JRCE_BODY": "Log4JRCE_Body",
        "ReactJSRCE_BODY": "ReactJSRCE_Body",
    },
}
OTHERS = {
    COMMON: {
        "UserAgent_BadBots_HEADER": "BadBots_Header",
        "SizeRestrictions_URIPATH": "SizeRestrictions_URIPath",
        "EC2MetaDataSSRF_URIPATH": "EC2MetaDataSSRF_URIPath",
        "GenericLFI_URIPATH": "GenericLFI_URIPath",
        "RestrictedExtensions_URIPATH": "RestrictedExtensions_URIPath",
        "GenericRFI_URIPATH": "GenericRFI_URIPath",
        "CrossSiteScripting_URIPATH": "CrossSiteScripting_URIPath",
    },
    KNOWN_BAD: {
        "JavaDeserializationRCE_HEADER": "JavaDeserializationRCE_Header",
        "JavaDeserializationRCE_URIPATH": "JavaDeserializationRCE_URIPath",
        "Host_localhost_HEADER": "Host_Localhost_Header",
        "PROPFIND_METHOD": "Propfind_Method",
        "ExploitablePaths_URIPATH": "ExploitablePaths_URIPath",
        "Log4JRCE_HEADER": "Log4JRCE_Header",
        "Log4JRCE_URIPATH": "Log4JRCE_URIPath",
    },
}
# Batches, questions with conditions, and HTML.
WANTED_EVERYWHERE = {"SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING", "CrossSiteScripting_BODY"}


def _named(rules: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    return [(group, rule) for group, names in rules.items() for rule in names]


PROGRAMS = re.compile("(/api/v1|/api)?/(hooks|bot)/|/[tupc]/")
"""Vendors' hooks, and what mail programs call: the pixel, the links that are followed, one-click unsubscription."""


def _paths(of_events: bool) -> list[str]:
    return [
        path.replace("{proxy+}", "x/y")
        for function in catalogue.FUNCTIONS
        for routes in function.routes
        for path in paths(routes)
        if (function.name == catalogue.BYTES_FUNCTION or bool(PROGRAMS.match(path))) == of_events
    ]


def _rules(synthesis: Synthesis) -> list[dict[str, Any]]:
    [acl] = synthesis.resources("AWS::WAFv2::WebACL")
    assert acl.properties["Scope"] == "CLOUDFRONT"
    assert acl.properties["DefaultAction"] == {"Allow": {}}
    return sorted(acl.properties["Rules"], key=lambda rule: rule["Priority"])


def _blocked(synthesis: Synthesis, path: str, tripped: tuple[str, str] | None) -> bool:
    """Whether a request is, that trips one rule of a managed group."""
    labels = set[str]()
    for rule in _rules(synthesis):
        statement = rule["Statement"]
        if "ManagedRuleGroupStatement" in statement:
            group = statement["ManagedRuleGroupStatement"]
            if tripped is None or group["Name"] != tripped[0]:
                continue
            overrides = {override["Name"]: override["ActionToUse"] for override in group.get("RuleActionOverrides", ())}
            if overrides.get(tripped[1]) != {"Count": {}}:
                return True
            labels.add(NAMESPACES[tripped[0]] + ON_CONTENT[tripped[0]][tripped[1]])
        elif "RateBasedStatement" not in statement and _matches(statement, path, labels):
            return "Block" in rule["Action"]
    return False


def _matches(statement: dict[str, Any], path: str, labels: set[str]) -> bool:
    [(kind, body)] = statement.items()
    match kind:
        case "RegexMatchStatement":
            assert body["FieldToMatch"] == {"UriPath": {}}
            assert len(body["RegexString"]) <= 512, "the longest AWS takes"
            return re.search(body["RegexString"], path) is not None
        case "NotStatement":
            return not _matches(body["Statement"], path, labels)
        case "AndStatement":
            return all(_matches(statement, path, labels) for statement in body["Statements"])
        case "OrStatement":
            return any(_matches(statement, path, labels) for statement in body["Statements"])
        case "LabelMatchStatement":
            assert body["Scope"] == "LABEL"
            return body["Key"] in labels
    raise AssertionError(kind)


@pytest.mark.parametrize("rule", _named(ON_CONTENT), ids=lambda rule: rule[1])
def test_events_pass_whatever_they_carry(prod: Synthesis, rule: tuple[str, str]) -> None:
    for path in (*_paths(of_events=True), "//events", "//v1/batch"):
        assert not _blocked(prod, path, rule), path


@pytest.mark.parametrize("rule", _named(ON_CONTENT), ids=lambda rule: rule[1])
def test_what_looks_like_an_attack_is_blocked_on_every_other_path(prod: Synthesis, rule: tuple[str, str]) -> None:
    for path in (*_paths(of_events=False), "/nobody"):
        assert _blocked(prod, path, rule) == (rule[1] not in WANTED_EVERYWHERE), path


@pytest.mark.parametrize("rule", _named(OTHERS), ids=lambda rule: rule[1])
def test_what_is_about_no_content_is_blocked_everywhere(prod: Synthesis, rule: tuple[str, str]) -> None:
    for path in (*_paths(of_events=True), *_paths(of_events=False)):
        assert _blocked(prod, path, rule), path


def test_requests_that_trip_nothing_pass(prod: Synthesis) -> None:
    for path in (*_paths(of_events=True), *_paths(of_events=False), "/nobody"):
        assert not _blocked(prod, path, None)


def _limits(synthesis: Synthesis, path: str) -> dict[int, dict[str, Any]]:
    """The answers of the rate rules that count a request, by their limits."""
    limits = {}
    for rule in _rules(synthesis):
        limited = rule["Statement"].get("RateBasedStatement")
        if limited and _matches(limited["ScopeDownStatement"], path, set()):
            assert limited["AggregateKeyType"] == "IP"
            limits[limited["Limit"]] = rule["Action"]["Block"]["CustomResponse"]
    return limits


def test_an_address_may_send_more_events_than_requests_and_fewest_sign_ins(prod: Synthesis) -> None:
    [events], [requests] = _limits(prod, "/v1/batch"), _limits(prod, "/api/v1/clients")
    for path in ("/hooks/stripe/x", "/api/v1/hooks/sendgrid/x", "/api/bot/webhook/x", "/t/o/x.gif", "/u/x"):
        assert set(_limits(prod, path)) == {events}, "a provider has few addresses, and tells of each message"
    sign_ins = _limits(prod, "/api/v1/auth/login")

    assert min(sign_ins) < requests < events
    assert set(sign_ins) == {min(sign_ins), requests}
    for spelling in ("/auth/login", "/api/auth/login", "/api/v1/auth"):
        assert set(_limits(prod, spelling)) == set(sign_ins)
    assert set(_limits(prod, "/authors")) == {requests}


def test_events_over_the_rate_are_sent_again_later(prod: Synthesis) -> None:
    """SDKs drop what is refused with 4xx, and send again what is answered 5xx."""
    [answer] = _limits(prod, "/v1/batch").values()
    headers = {header["Name"]: header["Value"] for header in answer["ResponseHeaders"]}

    assert answer["ResponseCode"] == 503
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert int(headers["Retry-After"]) > 0


def test_other_requests_over_the_rate_are_refused_as_the_api_refuses_them(prod: Synthesis) -> None:
    [acl] = prod.resources("AWS::WAFv2::WebACL")
    for answer in _limits(prod, "/auth/login").values():
        assert answer["ResponseCode"] == 429
        body = acl.properties["CustomResponseBodies"][answer["CustomResponseBodyKey"]]
        assert body["ContentType"] == "APPLICATION_JSON"
        assert '"success": false' in body["Content"]


def test_the_bad_reputation_of_an_address_is_looked_at_and_priorities_differ(prod: Synthesis) -> None:
    names = [rule["Name"] for rule in _rules(prod)]

    assert "AWSManagedRulesAmazonIpReputationList" in names
    assert len({rule["Priority"] for rule in _rules(prod)}) == len(names)


def test_what_is_blocked_or_counted_is_in_a_log_without_keys_and_links(staging: Synthesis, prod: Synthesis) -> None:
    """https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html: the group's name begins so."""
    for synthesis in (staging, prod):
        [logging] = synthesis.resources("AWS::WAFv2::LoggingConfiguration")
        [destination] = logging.properties["LogDestinationConfigs"]
        [group] = synthesis.resources("AWS::Logs::LogGroup", "Firewall")
        arn = synthesis.words("Firewall", destination)
        hidden = [
            field.get("SingleHeader", {}).get("Name") or next(iter(field))
            for field in logging.properties["RedactedFields"]
        ]

        assert group.properties["LogGroupName"].startswith("aws-waf-logs-")
        assert arn.endswith(f":log-group:{group.properties['LogGroupName']}")
        assert {"authorization", "cookie", "x-api-key", "QueryString", "UriPath"} <= set(hidden)
        assert logging.properties["LoggingFilter"]["DefaultBehavior"] == "DROP"
        assert synthesis.regions["Firewall"] == "us-east-1"

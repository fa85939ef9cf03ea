"""The firewall's rules. An event carries whatever a page, a person or a stack trace says, and so does what vendors post
to our hooks: on those paths what only looks like an attack is counted, and everywhere else it is blocked.

Names and labels: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aws_cdk import aws_wafv2 as waf

Statement = waf.CfnWebACL.StatementProperty
Rule = waf.CfnWebACL.RuleProperty
type _Rule = Callable[[int], Rule]  # for whatever priority it gets

# Requests of one address in five minutes. A server sends the events of all its users; a company shares one address.
EVENTS_PER_IP, REQUESTS_PER_IP, SIGN_INS_PER_IP = 60_000, 10_000, 1_000
REPUTATION = "AWSManagedRulesAmazonIpReputationList"
KNOWN_BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"
COMMON = "AWSManagedRulesCommonRuleSet"
# Batches are larger than 8 KB, what marketers write is HTML, and questions have conditions: counted wherever they go.
COUNTED = {COMMON: ("SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING", "CrossSiteScripting_BODY")}
# Blocked by the last rule, except on paths that take events: by group, each rule and the label that it leaves.
_NAMESPACES = {COMMON: "awswaf:managed:aws:core-rule-set:", KNOWN_BAD_INPUTS: "awswaf:managed:aws:known-bad-inputs:"}
BLOCKED_ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    COMMON: {
        "NoUserAgent_HEADER": "NoUserAgent_Header",
        "SizeRestrictions_Cookie_HEADER": "SizeRestrictions_Cookie_Header",
        "EC2MetaDataSSRF_BODY": "EC2MetaDataSSRF_Body",
        "EC2MetaDataSSRF_COOKIE": "EC2MetaDataSSRF_Cookie",
        "EC2MetaDataSSRF_QUERYARGUMENTS": "EC2MetaDataSSRF_QueryArguments",
        "GenericLFI_BODY": "GenericLFI_Body",
        "GenericLFI_QUERYARGUMENTS": "GenericLFI_QueryArguments",
        "GenericRFI_BODY": "GenericRFI_Body",
        "GenericRFI_QUERYARGUMENTS": "GenericRFI_QueryArguments",
        "RestrictedExtensions_QUERYARGUMENTS": "RestrictedExtensions_QueryArguments",
        "CrossSiteScripting_COOKIE": "CrossSiteScripting_Cookie",
        "CrossSiteScripting_QUERYARGUMENTS": "CrossSiteScripting_QueryArguments",
    },
    KNOWN_BAD_INPUTS: {
        "JavaDeserializationRCE_BODY": "JavaDeserializationRCE_Body",
        "JavaDeserializationRCE_QUERYSTRING": "JavaDeserializationRCE_QueryString",
        "Log4JRCE_BODY": "Log4JRCE_Body",
        "Log4JRCE_QUERYSTRING": "Log4JRCE_QueryString",
        "ReactJSRCE_BODY": "ReactJSRCE_Body",
    },
}
SIGN_IN = r"^/+(?:api/)?(?:v1/)?auth(?:/|$)"
_TOO_MANY = "Too many requests from this address"
BODIES = {
    "TooMany": {
        "status": 429,
        "title": _TOO_MANY,
        "success": False,
        "error": {"code": "RATE_LIMITED", "message": _TOO_MANY},
    }
}


def rules(event_paths: Sequence[str]) -> list[Rule]:
    """`event_paths` are CloudFront's patterns of the paths that take events, or what other programs send."""
    takes_events = _path_matches(path_regex(event_paths))
    elsewhere = Statement(not_statement=waf.CfnWebACL.NotStatementProperty(statement=takes_events))
    made = [
        _rate("EventsPerIp", EVENTS_PER_IP, takes_events, _again_later()),
        _rate("RequestsPerIp", REQUESTS_PER_IP, elsewhere, _too_many()),
        _rate("SignInsPerIp", SIGN_INS_PER_IP, _path_matches(SIGN_IN, "URL_DECODE"), _too_many()),
        *(_managed(group) for group in (REPUTATION, KNOWN_BAD_INPUTS, COMMON)),
        _block_elsewhere(elsewhere),
    ]
    return [rule(priority) for priority, rule in enumerate(made)]


def path_regex(cloudfront_patterns: Iterable[str]) -> str:
    """CloudFront's path patterns as one expression. Leading slashes count once, as at the edge."""
    ends = [
        re.escape(pattern[1:-1]) if pattern.endswith("*") else f"{re.escape(pattern[1:])}$"
        for pattern in cloudfront_patterns
    ]
    return f"^/+(?:{'|'.join(ends)})"


def _path_matches(expression: str, transformation: str = "NONE") -> Statement:
    return Statement(
        regex_match_statement=waf.CfnWebACL.RegexMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            regex_string=expression,
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type=transformation)],
        )
    )


def _again_later() -> waf.CfnWebACL.BlockActionProperty:
    """What every SDK sends again, and a page may read."""
    return _answer(503, {"Retry-After": "60", "Access-Control-Allow-Origin": "*"})


def _too_many() -> waf.CfnWebACL.BlockActionProperty:
    return _answer(429, {"Retry-After": "60"}, "TooMany")


def _answer(status: int, headers: Mapping[str, str], body: str | None = None) -> waf.CfnWebACL.BlockActionProperty:
    return waf.CfnWebACL.BlockActionProperty(
        custom_response=waf.CfnWebACL.CustomResponseProperty(
            response_code=status,
            custom_response_body_key=body,
            response_headers=[
                waf.CfnWebACL.CustomHTTPHeaderProperty(name=name, value=value) for name, value in headers.items()
            ],
        )
    )


def _rate(name: str, limit: int, scope: Statement, answer: waf.CfnWebACL.BlockActionProperty) -> _Rule:
    limited = waf.CfnWebACL.RateBasedStatementProperty(aggregate_key_type="IP", limit=limit, scope_down_statement=scope)
    return _rule(name, Statement(rate_based_statement=limited), action=waf.CfnWebACL.RuleActionProperty(block=answer))


def _managed(group: str) -> _Rule:
    counted = [
        waf.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=waf.CfnWebACL.RuleActionProperty(count={}))
        for rule in (*COUNTED.get(group, ()), *BLOCKED_ELSEWHERE.get(group, ()))
    ]
    statement = waf.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS", name=group, rule_action_overrides=counted or None
    )
    return _rule(
        group,
        Statement(managed_rule_group_statement=statement),
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
    )


def _block_elsewhere(elsewhere: Statement) -> _Rule:
    """What the groups have labelled, on every path but those of events."""
    labels = [_NAMESPACES[group] + label for group, labels in BLOCKED_ELSEWHERE.items() for label in labels.values()]
    matches = [
        Statement(label_match_statement=waf.CfnWebACL.LabelMatchStatementProperty(scope="LABEL", key=label))
        for label in labels
    ]
    labelled = Statement(or_statement=waf.CfnWebACL.OrStatementProperty(statements=matches))
    both = waf.CfnWebACL.AndStatementProperty(statements=[elsewhere, labelled])
    return _rule("LabelledElsewhere", Statement(and_statement=both), action=waf.CfnWebACL.RuleActionProperty(block={}))


def _rule(name: str, statement: Statement, **what: Any) -> _Rule:
    visibility = waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
    return lambda priority: Rule(
        name=name, priority=priority, statement=statement, visibility_config=visibility, **what
    )

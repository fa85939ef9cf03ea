"""The web application firewall. CloudFront takes only one from us-east-1, wherever the rest of the stage is."""

import json
from typing import Any

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra import catalogue
from infra.constructs.firewall_rules import BODIES, rules
from infra.constructs.function import make_log_group
from infra.routing import patterns, program_patterns
from infra.stage import Stage

REGION = "us-east-1"
# What nobody needs to tell an honest request from another: keys and tokens stay out of the log.
_HIDDEN_HEADERS = ("authorization", "cookie", "x-api-key", "x-write-key")


class FirewallStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, stage: Stage, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        name = stage.physical_name("firewall")
        ingest = catalogue.function(catalogue.BYTES_FUNCTION)
        acl = waf.CfnWebACL(
            self,
            "Acl",
            name=name,
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=waf.CfnWebACL.VisibilityConfigProperty(
                cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
            ),
            custom_response_bodies={
                name: waf.CfnWebACL.CustomResponseBodyProperty(
                    content=json.dumps(body), content_type="APPLICATION_JSON"
                )
                for name, body in BODIES.items()
            },
            rules=rules((*patterns(ingest, catalogue.FUNCTIONS), *program_patterns(catalogue.FUNCTIONS))),
        )
        self._log(stage, acl)
        self.arn: str = acl.attr_arn

    def _log(self, stage: Stage, acl: waf.CfnWebACL) -> None:
        """Only what a rule blocked or counted, without the address asked for: paths and queries carry signed links and
        keys. The group's name must begin so: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
        """
        name = f"aws-waf-logs-{stage.physical_name('firewall')}"
        group = make_log_group(self, "Logs", stage, name)
        arn = self.format_arn(
            service="logs", resource="log-group", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        field = waf.CfnLoggingConfiguration.FieldToMatchProperty
        hidden = [field(single_header={"Name": header}) for header in _HIDDEN_HEADERS]
        kept = [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")]
        logging = waf.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=acl.attr_arn,
            log_destination_configs=[arn],
            redacted_fields=[*hidden, field(query_string={}), field(uri_path={})],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [{"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": kept}],
            },
        )
        logging.node.add_dependency(group)

"""What SES is told, and what the mailer may do with it."""

import pytest

from tests.infra.synthesis import Synthesis


def _identity(synthesis: Synthesis) -> str:
    [identity] = synthesis.resources("AWS::SES::EmailIdentity")
    name: str = identity.properties["EmailIdentity"]
    return name


def test_prod_signs_its_mail_with_dkim_and_says_which_records_that_takes(prod: Synthesis) -> None:
    assert _identity(prod) == prod.stage.mail_domain
    assert {f"DkimRecord{number}" for number in (1, 2, 3)} <= set(prod.outputs("Data"))


def test_dev_sends_from_an_address_that_needs_no_dns(dev: Synthesis) -> None:
    assert _identity(dev) == dev.stage.mail_address
    assert not [name for name in dev.outputs("Data") if name.startswith("Dkim")]


def test_one_stage_of_an_account_owns_the_domain(staging: Synthesis, local: Synthesis) -> None:
    for synthesis in (staging, local):
        assert synthesis.resources("AWS::SES::EmailIdentity") == []


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_the_mailer_may_send_as_the_identity_with_the_configuration_set_it_names(
    request: pytest.FixtureRequest, name: str
) -> None:
    """Both are resources of SendEmail:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html.
    """
    synthesis: Synthesis = request.getfixturevalue(name)
    [mails] = synthesis.resources("AWS::SES::ConfigurationSet")
    environment = synthesis.function("mailer").properties["Environment"]["Variables"]
    allowed = {
        resource.partition(":${AWS::AccountId}:")[2]
        for action, resource in synthesis.actions("mailer")
        if action == "ses:SendRawEmail"
    }

    assert environment["MAIL_CONFIGURATION_SET"] == mails.properties["Name"]
    assert allowed == {f"identity/{synthesis.stage.mail_identity}", f"configuration-set/{mails.properties['Name']}"}


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_what_becomes_of_campaigns_messages_reaches_their_senders(request: pytest.FixtureRequest, name: str) -> None:
    synthesis: Synthesis = request.getfixturevalue(name)
    [rule] = [
        resource for resource in synthesis.resources("AWS::Events::Rule") if "EventPattern" in resource.properties
    ]
    [mails] = synthesis.resources("AWS::SES::ConfigurationSet")
    [destination] = synthesis.resources("AWS::SES::ConfigurationSetEventDestination")

    tags = rule.properties["EventPattern"]["detail"]["mail"]["tags"]
    assert rule.properties["EventPattern"]["source"] == ["aws.ses"]
    assert tags == {"ses:configuration-set": [mails.properties["Name"]], "delivery": [{"exists": True}]}
    [target] = rule.properties["Targets"]
    assert "CampaignsQueue" in target["Arn"]["Fn::GetAtt"][0]
    assert {"send", "delivery"} <= set(destination.properties["EventDestination"]["MatchingEventTypes"])
    policies = synthesis.resources("AWS::SQS::QueuePolicy")
    allowed = [
        statement
        for policy in policies
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": "events.amazonaws.com"}
    ]
    assert [statement["Action"] for statement in allowed if "ArnEquals" in statement.get("Condition", {})]


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_bounces_and_complaints_are_told_to_the_default_bus(request: pytest.FixtureRequest, name: str) -> None:
    synthesis: Synthesis = request.getfixturevalue(name)
    [destination] = synthesis.resources("AWS::SES::ConfigurationSetEventDestination")
    event_destination = destination.properties["EventDestination"]
    [mails] = synthesis.resources("AWS::SES::ConfigurationSet")

    assert event_destination["Enabled"] is True
    assert {"bounce", "complaint", "reject", "deliveryDelay"} <= set(event_destination["MatchingEventTypes"])
    assert synthesis.words("Data", event_destination["EventBridgeDestination"]["EventBusArn"]).endswith(
        ":event-bus/default"
    )
    assert mails.properties["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert mails.properties["ReputationOptions"] == {"ReputationMetricsEnabled": True}


def test_the_local_stage_mails_nobody(local: Synthesis) -> None:
    assert local.resources("AWS::SES::ConfigurationSet") == []
    assert local.function("mailer").properties["Environment"]["Variables"]["MAIL_CONFIGURATION_SET"] == ""

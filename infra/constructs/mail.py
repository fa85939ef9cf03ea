"""What SES knows of a stage: whom mail is from, and what becomes of it."""

from aws_cdk import CfnOutput
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.stage import Stage

TOLD = (
    ses.EmailSendingEvent.SEND,
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.DELIVERY_DELAY,
    ses.EmailSendingEvent.REJECT,
    ses.EmailSendingEvent.RENDERING_FAILURE,
)


class Mail(Construct):
    """A configuration set, whose events go to EventBridge's default bus, the only one SES takes:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ses-configurationseteventdestination-eventbridgedestination.html

    The sender is a domain, signed with DKIM once the outputs' records are in its DNS, or one address, whose owner
    follows the link that SES mails to it; or an identity that the account has already.
    """

    def __init__(
        self, scope: Construct, construct_id: str, stage: Stage, reports: sqs.IQueue, dead_letters: sqs.IQueue
    ) -> None:
        """`reports` gets the events of campaigns' messages, which name their delivery in a tag; `dead_letters` those
        that EventBridge cannot hand over within a day."""
        super().__init__(scope, construct_id)
        mails = ses.ConfigurationSet(
            self,
            "Mails",
            configuration_set_name=stage.mail_configuration_set,
            reputation_metrics=True,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        bus = events.EventBus.from_event_bus_name(self, "Bus", "default")
        mails.add_event_destination("Events", destination=ses.EventDestination.event_bus(bus), events=list(TOLD))
        ours = {"ses:configuration-set": [stage.mail_configuration_set], "delivery": events.Match.exists()}
        events.Rule(
            self,
            "Reports",
            rule_name=stage.physical_name("mail-reports"),
            description="What becomes of campaigns' messages goes to the queue of their senders",
            event_pattern=events.EventPattern(source=["aws.ses"], detail={"mail": {"tags": ours}}),
            targets=[targets.SqsQueue(reports, dead_letter_queue=dead_letters)],
        )
        match stage.ses_identity:
            case "domain":
                self._make_domain(stage)
            case "address":
                ses.EmailIdentity(self, "Address", identity=ses.Identity.email(stage.mail_address))

    def _make_domain(self, stage: Stage) -> None:
        identity = ses.EmailIdentity(self, "Domain", identity=ses.Identity.domain(stage.mail_domain))
        for number, record in enumerate(identity.dkim_records, 1):
            output = CfnOutput(self, f"Record{number}", value=f"{record.name} CNAME {record.value}")
            output.override_logical_id(f"DkimRecord{number}")

"""What others approve of a campaign: what it says itself, and its template as it is by then."""

from collections.abc import Callable
from dataclasses import replace

from groundswell.approval.approvals import AwaitsApproval
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.templates import Template

type FindTemplate = Callable[[str, str], Template]
"""Of a client, by its id. Raises TemplateNotFound."""


def revised(campaign: Campaign, by: str) -> Campaign:
    """Another revision: what was approved before was an earlier one."""
    return replace(campaign, revision=campaign.revision + 1, revised_by=by)


def with_template(campaign: Campaign, template: FindTemplate) -> Campaign:
    """With the version of its template, where somebody has to approve the campaign."""
    return replace(campaign, template_version=_present(campaign, template))


def is_outdated(campaign: Campaign, template: FindTemplate) -> bool:
    """Whether its template was changed after the campaign's newest revision."""
    return _present(campaign, template) != campaign.template_version


def need_approved(campaign: Campaign, template: FindTemplate) -> None:
    """Raises AwaitsApproval."""
    if campaign.approval is None:
        return
    if is_outdated(campaign, template):
        raise AwaitsApproval("Its template was changed since: somebody else has to approve it again")
    campaign.approval.need_approved(campaign.revision, campaign.authors)


def _present(campaign: Campaign, template: FindTemplate) -> int | None:
    if campaign.approval is None or campaign.template_id is None:
        return None
    return template(campaign.client_id, campaign.template_id).version

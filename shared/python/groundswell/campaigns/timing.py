"""When a recipient may be written to: at a time of day of their own, and not in quiet hours."""

from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from groundswell.campaigns.model import Campaign, QuietHours, Schedule, duration
from groundswell.leads.model import Lead


def due_of(campaign: Campaign, lead: Lead, now: datetime) -> datetime | None:
    """When to come again; None where now is right."""
    schedule, quiet = campaign.schedule, campaign.rules.quiet_hours
    due = _local_time(schedule, lead) if schedule and schedule.local else now
    due = max(due, now)
    if quiet:
        due = _end_of_quiet(quiet, lead, due)
    return due if due > now else None


def is_stale(campaign: Campaign, lead: Lead, now: datetime) -> bool:
    """Whether their own time came while the campaign was under way, and `stale_after` more has passed: after an outage
    or a pause nobody gets at 13:00 what is for 8:00. Who was past it at the start gets it at once, and so does who is
    tried again."""
    schedule, began = campaign.schedule, campaign.started_at
    if not (schedule and schedule.local and began) or campaign.run > 1:
        return False
    due = _local_time(schedule, lead)
    if campaign.rules.quiet_hours:
        due = _end_of_quiet(campaign.rules.quiet_hours, lead, due)
    return began <= due < now - duration(campaign.rules.stale_after)


def _local_time(schedule: Schedule, lead: Lead) -> datetime:
    """The clock time that was written, on their own clocks."""
    return schedule.at.replace(tzinfo=zone_of("recipient", lead))


def zone_of(name: str, lead: Lead) -> tzinfo:
    """Of a lead that says nothing: UTC."""
    wanted = lead.timezone if name == "recipient" else name
    try:
        return ZoneInfo(wanted or "UTC")
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def _end_of_quiet(quiet: QuietHours, lead: Lead, moment: datetime) -> datetime:
    zone = zone_of(quiet.timezone, lead)
    local = moment.astimezone(zone)
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    clock = local.time()
    over_midnight = start > end
    if not (start <= clock or clock < end) if over_midnight else not start <= clock < end:
        return moment
    day = local.date() + timedelta(days=1) if over_midnight and clock >= start else local.date()
    return datetime.combine(day, end, zone)

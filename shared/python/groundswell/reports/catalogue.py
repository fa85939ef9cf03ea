"""Every metric that reports know: what it means, its unit, and where it comes from."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    COUNT = "count"
    MONEY = "money"
    """By currency: amounts of different ones are never added up."""
    RATIO = "ratio"
    RATIO_BY_CURRENCY = "ratio by currency"

    @property
    def by_currency(self) -> bool:
        return self in (Unit.MONEY, Unit.RATIO_BY_CURRENCY)


class Origin(StrEnum):
    EVENTS = "events"
    ADS = "ads"
    CAMPAIGNS = "campaigns"
    LEADS = "leads"


@dataclass(frozen=True)
class Metric:
    name: str
    origin: Origin
    unit: Unit
    definition: str


_METRICS = (
    Metric("events", Origin.EVENTS, Unit.COUNT, "Events that happened in the range"),
    Metric("revenue", Origin.EVENTS, Unit.MONEY, "What events brought in, less refunds"),
    Metric("active_people", Origin.EVENTS, Unit.COUNT, "Different persons with an event in the range"),
    Metric("new_people", Origin.EVENTS, Unit.COUNT, "Persons whose first event ever is in the range"),
    Metric("spend", Origin.ADS, Unit.MONEY, "What ads cost"),
    Metric("impressions", Origin.ADS, Unit.COUNT, "How often ads were shown"),
    Metric("clicks", Origin.ADS, Unit.COUNT, "Clicks on ads"),
    Metric("landing_page_views", Origin.ADS, Unit.COUNT, "Landing pages that loaded after a click"),
    Metric("conversions", Origin.ADS, Unit.COUNT, "Conversions that platforms attribute to ads"),
    Metric("ad_revenue", Origin.ADS, Unit.MONEY, "Revenue that platforms attribute to ads"),
    Metric("ctr", Origin.ADS, Unit.RATIO, "Clicks / impressions"),
    Metric("cpc", Origin.ADS, Unit.MONEY, "Spend / clicks"),
    Metric("cpm", Origin.ADS, Unit.MONEY, "Spend / impressions x 1000"),
    Metric("cpa", Origin.ADS, Unit.MONEY, "Spend / conversions"),
    Metric("cplpv", Origin.ADS, Unit.MONEY, "Spend / landing page views"),
    Metric("roas", Origin.ADS, Unit.RATIO_BY_CURRENCY, "Revenue attributed to ads / spend"),
    Metric("messages_sent", Origin.CAMPAIGNS, Unit.COUNT, "Messages of campaigns that left, and may have arrived"),
    Metric("messages_delivered", Origin.CAMPAIGNS, Unit.COUNT, "Messages that the recipient's provider took"),
    Metric("messages_opened", Origin.CAMPAIGNS, Unit.COUNT, "Messages that a person opened; machines do not count"),
    Metric("messages_clicked", Origin.CAMPAIGNS, Unit.COUNT, "Messages of which a person followed a link"),
    Metric("messages_converted", Origin.CAMPAIGNS, Unit.COUNT, "Messages whose recipient did what was wanted"),
    Metric("messages_bounced", Origin.CAMPAIGNS, Unit.COUNT, "Messages that came back"),
    Metric("unsubscribes", Origin.CAMPAIGNS, Unit.COUNT, "Recipients who unsubscribed by a message"),
    Metric("complaints", Origin.CAMPAIGNS, Unit.COUNT, "Recipients who called a message spam"),
    Metric("open_rate", Origin.CAMPAIGNS, Unit.RATIO, "Messages opened / messages sent"),
    Metric("click_rate", Origin.CAMPAIGNS, Unit.RATIO, "Messages clicked / messages sent"),
    Metric("leads", Origin.LEADS, Unit.COUNT, "Leads made in the range"),
    Metric("new", Origin.LEADS, Unit.COUNT, "Of these, whose status is `new`"),
    Metric("contacted", Origin.LEADS, Unit.COUNT, "Of these, whose status is `contacted`"),
    Metric("qualified", Origin.LEADS, Unit.COUNT, "Of these, whose status is `qualified`"),
    Metric("converted", Origin.LEADS, Unit.COUNT, "Of these, whose status is `converted`"),
    Metric("lost", Origin.LEADS, Unit.COUNT, "Of these, whose status is `lost`"),
    Metric("conversion_rate", Origin.LEADS, Unit.RATIO, "Converted / leads"),
)
METRICS = {metric.name: metric for metric in _METRICS}


def of(*origins: Origin) -> tuple[str, ...]:
    return tuple(metric.name for metric in _METRICS if metric.origin in origins)

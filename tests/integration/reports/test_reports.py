"""Reports over HTTP: every figure against what was put in."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from groundswell.integrations.adapter_facts import _item as stored_row
from groundswell.integrations.adapter_facts import put_items
from groundswell.integrations.facts import AdRow
from groundswell.schedules.timers import firing_body
from tests.gateway import call_handler
from tests.integration.analytics.tenant import Tenant
from tests.people import Person
from tests.timers import due_timers

NOVEMBER = "from=2026-11-01&to=2026-12-01"


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


def happened(name: str, user: str, day: str, **properties) -> dict:
    at = f"{day}T10:00:00Z"
    return {"type": "track", "event": name, "userId": user, "timestamp": at, "properties": properties}


def ads(person: Person, *rows: tuple[str, str, str, int, int]) -> None:
    """(day, campaign, spend, clicks, impressions)"""
    made = [
        AdRow(
            date.fromisoformat(day),
            "act",
            campaign,
            campaign,
            Decimal(spend),
            "USD",
            impressions,
            clicks,
            None,
            Decimal(clicks // 10),
            Decimal(spend) * 2,
            "meta_ads",
            campaign,
        )
        for day, campaign, spend, clicks, impressions in rows
    ]
    put_items("core", [dict(stored_row(person.client_id, row)) for row in made])


def test_growth_is_events_revenue_and_people_of_the_log(ada):
    Tenant(ada).send(
        [
            happened("Order Completed", "ann", "2026-10-20", revenue=5, currency="USD"),
            happened("Order Completed", "ann", "2026-11-02", revenue=10, currency="USD"),
            happened("Order Completed", "bob", "2026-11-02", revenue="2.50", currency="EUR"),
            happened("Viewed", "bob", "2026-11-20"),
        ]
    )

    report = ada.get(f"/reports/growth?{NOVEMBER}&compare=previous").data

    assert report["totals"] == {
        "events": 3,
        "revenue": {"USD": "10.00", "EUR": "2.50"},
        "active_people": 2,
        "new_people": 1,
    }
    assert len(report["series"]) == 30
    days = {point["ts"][:10]: point for point in report["series"] if point["events"]}
    assert {day: (point["events"], point["new_people"]) for day, point in days.items()} == {
        "2026-11-02": (2, 1),
        "2026-11-20": (1, 0),
    }
    assert [(row["name"], row["events"], row["revenue"]) for row in report["breakdown"]] == [
        ("Order Completed", 2, {"EUR": "2.50", "USD": "10.00"}),
        ("Viewed", 1, {}),
    ]
    assert report["previous"]["totals"]["events"] == 1


def test_performance_is_the_facts_of_ads_with_their_rates_and_says_what_is_late(ada):
    ads(
        ada,
        ("2026-11-01", "916", "10.25", 20, 1000),
        ("2026-11-02", "916", "5", 10, 500),
        ("2026-11-02", "936", "1.5", 0, 100),
    )

    report = ada.get(f"/reports/performance?{NOVEMBER}&granularity=month").data

    totals = report["totals"]
    assert (totals["spend"], totals["revenue"]) == ({"USD": "16.75"}, {"USD": "33.50"})
    assert (totals["clicks"], totals["impressions"], totals["landing_page_views"]) == (30, 1600, None)
    assert totals["ctr"] == 0.01875
    assert totals["cpc"] == {"USD": "0.558333"}
    assert totals["roas"] == {"USD": 2.0}
    assert [(row["campaign_id"], row["spend"]) for row in report["breakdown"]] == [
        ("916", {"USD": "15.25"}),
        ("936", {"USD": "1.50"}),
    ]
    assert [point["ts"] for point in report["series"]] == ["2026-11-01T00:00:00.000Z"]
    [late] = report["late_sources"]
    assert (late["source"], late["until"]) == ("meta_ads", "2026-11-02")


def test_leads_are_a_funnel_by_source(ada):
    for number, (source, status) in enumerate([("ads", "new"), ("ads", "converted"), ("webinar", "qualified")]):
        ada.post("/leads", {"email": f"l{number}@x.example", "source": source, "status": status})

    report = ada.get("/reports/leads?from=-1d").data

    assert (report["totals"]["leads"], report["totals"]["converted"]) == (3, 1)
    assert {row["source"]: row["conversion_rate"] for row in report["breakdown"]} == {"ads": 0.5, "webinar": 0}
    by_status = ada.get("/reports/leads?from=-1d&dimension=status").data["breakdown"]
    assert {row["status"]: row["leads"] for row in by_status} == {"new": 1, "converted": 1, "qualified": 1}


def test_files_hold_the_same_figures_and_no_formulas(ada):
    ads(ada, ("2026-11-01", '=HYPERLINK("http://x")', "10.25", 20, 1000))
    path = f"/reports/performance?{NOVEMBER}&granularity=month"

    sheet = ada.get(f"{path}&format=csv&dimension=campaign")
    book = load_workbook(io.BytesIO(ada.get(f"{path}&format=xlsx").body))
    picture = ada.get(f"{path}&format=svg")
    printed = ada.get(f"{path}&format=pdf")
    drawn = ada.get(f"{path}&format=png")

    [row] = csv.DictReader(io.StringIO(sheet.body.decode()))
    assert (row["campaign"], row["spend (USD)"], row["clicks"]) == ('\'=HYPERLINK("http://x")', "10.25", "20")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert book.sheetnames == ["totals", "series", "breakdown"]
    totals = dict(zip(*[[cell.value for cell in line] for line in book["totals"].iter_rows()], strict=True))
    assert (totals["spend (USD)"], totals["clicks"]) == (10.25, 20)
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.body.startswith(b"<svg")
    assert drawn.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(drawn.body)).size[0] == 1600
    assert printed.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.body)).pages)
    assert "spend (USD)" in text
    assert "10.25" in text
    [series] = csv.DictReader(io.StringIO(ada.get(f"{path}&format=csv").body.decode()))
    assert series["ts"] == "2026-11-01T00:00:00.000Z"
    made = ada.get("/reports/exports").data
    assert [export["format"] for export in made] == ["csv", "png", "pdf", "svg", "xlsx", "csv"], "newest first"
    assert (made[1]["bytes"], made[1]["name"]) == (len(drawn.body), "performance")


def test_every_figure_of_the_overview_opens_onto_rows_that_add_up_to_it(ada):
    Tenant(ada).send(
        [
            happened("Order Completed", "ann", "2026-10-20", revenue=5, currency="USD"),
            *(happened("Order Completed", f"u{at}", "2026-11-02", revenue=at, currency="USD") for at in range(60)),
            happened("Order Refunded", "u1", "2026-11-03", revenue=1, currency="USD"),
            happened("Order Completed", "ann", "2026-11-02", revenue="2.50", currency="EUR"),
            {**happened("Viewed", "eve", "2026-11-30"), "timestamp": "2026-11-30T23:30:00Z"},  # December in Berlin
        ]
    )
    ads(ada, ("2026-11-01", "916", "10.25", 20, 1000), ("2026-11-30", "936", "5", 10, 500))
    ads(ada, ("2026-12-01", "9", "1", 10, 1))
    for number, status in enumerate(("new", "converted", "lost")):
        ada.post("/leads", {"email": f"l{number}@x.example", "status": status})

    def rows(url):
        page = ada.get(f"/{url.removeprefix('/api/v1/')}")
        assert page.status == 200, page.body
        if isinstance(page.data, dict):
            return page.data["breakdown"]
        cursor = page.json["meta"]["next_cursor"]
        return page.data + (rows(f"{url.partition('&cursor=')[0]}&cursor={cursor}") if cursor else [])

    until = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    november = ada.get("/analytics/overview?from=2026-11&to=2026-12&timezone=Europe/Berlin").data["kpis"]
    lately = ada.get(f"/analytics/overview?from=-2d&to={until}&timezone=Europe/Berlin").data["kpis"]

    opened = {(kpi["name"], kpi["currency"]): (kpi["value"], rows(kpi["rows_url"])) for kpi in november}
    for name in ("events", "active_people", "new_people"):
        value, source_rows = opened[name, None]
        assert len(source_rows) == value > 0, name
    assert opened["active_people", None][0] == opened["new_people", None][0] + 1
    for currency, wanted in (("USD", "1769.00"), ("EUR", "2.50")):
        value, source_rows = opened["revenue", currency]
        assert value == wanted
        assert sum(Decimal(row["value"]) for row in source_rows) == Decimal(value)
    for name in ("clicks", "conversions"):
        assert sum(row[name] for row in opened[name, None][1]) == opened[name, None][0]
    assert sum(Decimal(row["spend"]["USD"]) for row in opened["spend", "USD"][1]) == Decimal("15.25")
    leads = {kpi["name"]: kpi for kpi in lately if kpi["name"] in ("leads", "converted")}
    assert {name: len(rows(kpi["rows_url"])) for name, kpi in leads.items()} == {"leads": 3, "converted": 1}
    assert {name: kpi["value"] for name, kpi in leads.items()} == {"leads": 3, "converted": 1}


def test_a_report_of_more_than_ten_thousand_rows_is_made_by_a_worker(moto, ada):
    body = {"name": "Minutes", "metrics": ["leads"], "from": "2026-11-01", "to": "2026-11-08", "granularity": "minute"}

    started = ada.post("/reports/custom", body)
    assert started.status == 202, started.body
    message = json.dumps({"client_id": ada.client_id, "operation_id": started.data["id"]})
    event = {"Records": [{"messageId": "1", "body": message}]}
    for _ in range(2):
        assert call_handler(moto, "question_jobs", event) == {"batchItemFailures": []}

    path = started.headers["location"].removeprefix("/api/v1")
    done = ada.get(path).data
    assert (done["status"], done["result"]["rows"]) == ("succeeded", 7 * 24 * 60)
    sent = ada.gateway.get("=/api" + done["result"]["url"].partition("/api")[2])
    assert sent.status == 302
    assert sent.headers["cache-control"] == "private, no-store"
    kept = moto.aws.s3.get_object(
        Bucket=moto.resources.buckets["questions"], Key=f"{ada.client_id}/reports/{done['id']}.json"
    )
    report = json.loads(kept["Body"].read())
    assert (report["name"], report["totals"], len(report["series"])) == ("Minutes", {"leads": 0}, 7 * 24 * 60)
    [made] = ada.get("/reports/exports").data
    assert (made["operation_id"], made["rows"], made["format"]) == (done["id"], 7 * 24 * 60, "json")


def test_a_custom_report_puts_sources_side_by_side_and_is_kept(ada):
    ads(ada, ("2026-11-01", "916", "10", 20, 1000), ("2026-11-01", "936", "20", 20, 1000))
    body = {
        "name": "Ours",
        "metrics": ["clicks", "spend"],
        "dimensions": ["platform", "campaign_id"],
        "filters": {"campaign_id": "936"},
        "from": "2026-11-01",
        "to": "2026-11-03",
        "save": True,
    }

    report = ada.post("/reports/custom", body).data
    several = {"name": "M", "metrics": ["clicks", "events", "leads"], "from": "2026-11-01", "to": "2026-11-03"}
    mixed = ada.post("/reports/custom", several).data

    assert report["totals"] == {"clicks": 20, "spend": {"USD": "20.00"}}
    assert [(row["platform"], row["campaign_id"]) for row in report["breakdown"]] == [("meta_ads", "936")]
    assert mixed["totals"] == {"clicks": 40, "events": 0, "leads": 0}
    assert ada.get(f"/reports/{report['id']}/data").data["totals"] == report["totals"]
    [saved] = ada.get("/analytics/reports").data
    assert (saved["id"], saved["name"], saved["runs"]) == (report["id"], "Ours", [])
    assert ada.put(f"/reports/{report['id']}", {"name": "Theirs"}).data["version"] == 2
    assert ada.delete(f"/reports/{report['id']}").status == 200
    assert ada.get(f"/reports/{report['id']}").status == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/reports/growth?dimension=colour", "dimensions"),
        ("/reports/performance?dimension=name", "dimensions"),
        ("/reports/leads?from=2026-12-01&to=2026-11-01", "to"),
        ("/reports/growth?timezone=Mars", "timezone"),
        ("/reports/growth?format=doc", "format"),
    ],
)
def test_what_makes_no_report_is_refused(ada, path, field):
    refused = ada.get(path)

    assert refused.status == 400
    assert refused.json["error"]["field"] == field


def test_the_overview_compares_periods_and_its_insights_bring_their_evidence(ada):
    ads(ada, ("2026-10-10", "916", "10", 20, 1000), ("2026-11-10", "916", "10", 20, 1000))
    ads(ada, ("2026-11-11", "936", "40", 100, 1000))

    overview = ada.get(f"/analytics/overview?{NOVEMBER}").data

    by_name = {kpi["name"]: kpi for kpi in overview["kpis"]}
    assert (by_name["spend"]["value"], by_name["spend"]["previous"]) == ("50.00", "10.00")
    assert by_name["clicks"]["change"] == 5
    moved = [insight for insight in overview["insights"] if insight["kpi"] == "clicks"]
    assert [insight["evidence"]["previous"] for insight in moved] == [20]
    [cause] = [insight for insight in overview["insights"] if "dimensions" in insight["evidence"]]
    assert cause["evidence"]["dimensions"] == {"campaign_id": "936"}


def test_a_schedule_sends_each_due_time_once_and_a_late_one_never(moto, ada):
    ads(ada, ((datetime.now(UTC) - timedelta(days=2)).date().isoformat(), "916", "10", 20, 1000))
    wanted = {"report_id": "performance", "cron": "*/7 * * * *", "recipients": ["boss@reports.example"]}
    made = ada.post("/reports/schedules", wanted).data
    [firing] = due_timers(moto, ada.client_id, "report.run")
    late = firing_body(firing).replace('"missed":false', '"missed":true')
    late = late.replace(json.loads(late)["due"], "2026-01-01T00:00:00.000Z")

    for body in (firing_body(firing), firing_body(firing), late, late):
        records = {"Records": [{"messageId": "1", "body": body}]}
        assert call_handler(moto, "report_worker", records) == {"batchItemFailures": []}

    runs = ada.get(f"/reports/schedules/{made['id']}/runs").data
    assert [run["status"] for run in runs] == ["sent", "missed"]
    assert ada.get("/reports/performance/runs").data == runs
    assert ada.get("/reports/nothing/runs").status == 404
    outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "mail"]
    mails = [json.loads(message["body"]["S"]) for message in outbox]
    [mail] = [mail for mail in mails if mail["to"] == "boss@reports.example"]
    assert "spend: 10.00 USD" in mail["text"]
    shared = ada.gateway.get("=/api" + runs[0]["url"].partition("/api")[2].replace("xlsx", "json"))
    assert shared.data["totals"]["spend"] == {"USD": "10.00"}
    [following] = due_timers(moto, ada.client_id, "report.run")
    assert following.due > datetime.now(UTC)


def test_recipients_may_get_their_own_rows_and_nothing_where_there_are_none(moto, ada):
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    ads(ada, (day, "916", "10", 20, 1000), (day, "936", "5", 10, 500))
    own = {f"{name}@rows.example": {"campaign_id": name} for name in ("916", "nothing")}
    wanted = {"report_id": "performance", "cron": "0 8 * * 1", "skip_if_empty": True, "own_rows": own}
    schedule = {**wanted, "recipients": [*own, "all@rows.example"]}

    made = ada.post("/reports/schedules", schedule)
    assert made.status == 201, made.body
    run = ada.post(f"/reports/schedules/{made.data['id']}/run").data

    outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "mail"]
    mails = {mail["to"]: mail["text"] for mail in (json.loads(message["body"]["S"]) for message in outbox)}
    sent = {to: text for to, text in mails.items() if to.endswith("@rows.example")}
    assert (run["status"], run["recipients"]) == ("sent", 2)
    assert {to: "15.00 USD" in text for to, text in sent.items()} == {
        "916@rows.example": False,
        "all@rows.example": True,
    }
    [url] = [line for line in sent["916@rows.example"].splitlines() if "/reports/shared/" in line]
    shared = ada.gateway.get("=/api" + url.partition("/api")[2].replace("xlsx", "json"))
    assert shared.data["totals"]["spend"] == {"USD": "10.00"}
    for rows, field in (
        ({"x@x.example": {}}, "own_rows.x@x.example"),
        ({"all@rows.example": {"name": "x"}}, "filters"),
    ):
        refused = ada.post("/reports/schedules", {**schedule, "own_rows": rows})
        assert (refused.status, refused.json["error"]["field"]) == (400, field)


def test_a_schedule_is_paused_resumed_run_at_once_and_deleted(moto, ada):
    wanted = {"report_id": "leads", "cron": "0 8 * * 1", "recipients": ["a@reports.example"], "skip_if_empty": True}
    made = ada.post("/reports/schedules", wanted).data

    assert ada.post(f"/reports/schedules/{made['id']}/pause").data["paused"] is True
    assert due_timers(moto, ada.client_id, "report.run") == []
    assert ada.post(f"/reports/schedules/{made['id']}/run").data["status"] == "skipped"
    assert ada.post(f"/reports/schedules/{made['id']}/resume").data["paused"] is False
    assert len(due_timers(moto, ada.client_id, "report.run")) == 1
    assert ada.put(f"/reports/schedules/{made['id']}", {"cron": "61 * * * *"}).status == 400
    assert ada.post("/reports/schedules", {**wanted, "report_id": "nothing"}).status == 404
    assert ada.delete(f"/reports/schedules/{made['id']}").status == 200
    assert due_timers(moto, ada.client_id, "report.run") == []


def test_a_share_link_shows_the_report_until_it_is_revoked(ada):
    saved = ada.post("/reports/custom", {"name": "S", "metrics": ["leads"], "save": True}).data
    share = ada.post(f"/reports/{saved['id']}/share-links", {}).data
    path = "=/api" + share["url"].partition("/api")[2]

    assert ada.gateway.get(path).data["totals"] == {"leads": 0}
    assert ada.gateway.get(f"{path[:-4]}AAAA").status == 404
    assert [link["id"] for link in ada.get(f"/reports/{saved['id']}/share-links").data] == [share["id"]]
    assert ada.delete(f"/reports/{saved['id']}/share-links/{share['id']}").status == 200
    assert ada.gateway.get(path).status == 404
    old = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    assert ada.post(f"/reports/{saved['id']}/share-links", {"expires_at": old}).status == 400


def test_a_client_is_compared_with_those_the_caller_may_read_alone(ada, people):
    tenant = Tenant(ada)
    tenant.send([happened("visited", f"u{n}", "2026-11-05") for n in range(3)])
    other = ada.post("/clients", {"name": "Other"}).data["id"]
    sent = [happened("visited", f"u{n}", "2026-11-05") for n in range(5)]
    made = ada.post(f"/clients/{other}/api-keys", {"name": "k", "scopes": ["events:write"]}).data["api_key"]
    assert ada.gateway.post("/sdk/event", sent, headers={"x-api-key": made}).status == 202
    foreign = people.sign_up()
    Tenant(foreign).send([happened("visited", "u", "2026-11-05")])
    path = f"/reports/benchmarks?from=2026-11-01&to=2026-11-08&periods=1&client_id={ada.client_id}"

    seen = ada.get(path).data
    by_key = ada.gateway.get(path, headers={"x-api-key": tenant.key("reports:read")}).data

    assert (seen["clients"], seen["complete"]) == (2, True)
    assert {name: seen["standings"][0][name] for name in ("value", "clients")} == {"value": 3, "clients": 2}
    past = seen["standings"][0]["past"][0]
    assert (past["value"], past["from"], past["to"]) == (0, "2026-10-25T00:00:00.000Z", seen["from"])
    assert (by_key["clients"], by_key["standings"][0]["place"]) == (1, 1)
    assert ada.get(f"{path}&metric=fame").status == 400
    assert foreign.get(path).status == 404

"""Leads from files and into files: over HTTP, through the worker, and through its deaths."""

import csv
import io
import json
from urllib.parse import urlsplit

import pytest

from groundswell.audience.adapter_wiring import operations
from groundswell.audience.imports import job
from groundswell.audience.imports.model import Row, folder
from groundswell.audience.imports.planning import Planner
from groundswell.audience.imports.store import DynamoImportedLeads
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.edits import keys_of
from groundswell.leads.model import Filter
from tests.calls import Crash
from tests.gateway import call_handler

FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def sent(person, text, query=""):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="leads.csv"\r\n\r\n'
    answer = person.post(f"/leads/import{query}", body + text.encode() + b"\r\n--b--\r\n", headers=FORM)
    assert answer.status == 202, answer.body
    return answer.data["id"]


def result(person, operation_id):
    operation = person.get(f"/operations/{operation_id}").data
    assert operation["status"] == "succeeded", operation
    return operation["result"]


def counts(outcome):
    return {name: outcome[name] for name in ("rows", "created", "updated", "skipped", "failed")}


def fetched(person, moto, url):
    """What the link leads to."""
    answer = person.gateway.get("=" + urlsplit(url).path)
    assert answer.status == 302, answer.body
    key = urlsplit(answer.headers["location"]).path.rpartition("/leads/")[2]
    response = moto.aws.s3.get_object(Bucket=moto.resources.buckets["exports"], Key=f"leads/{key}")
    return response["Body"].read().decode()


TABLE = """\
E-Mail;First Name;CRM ID;Seats
Ada@a.example;Ada;c1;40
known@a.example;Known;c2;
;;;
nobody;No;c3;1
ada@a.example;Ada;c4;41
"""


def test_a_file_becomes_leads_and_every_row_is_accounted_for(owner, work, moto):
    owner.post("/leads", {"email": "known@a.example", "tags": ["old"]})
    tried = sent(owner, TABLE, "?dry_run=true")
    work()
    assert counts(result(owner, tried)) == {"rows": 5, "created": 1, "updated": 2, "skipped": 1, "failed": 1}
    assert owner.get("/leads").json["meta"]["total"] == 1

    done = sent(owner, TABLE)
    work()
    outcome = result(owner, done)
    assert counts(outcome) == counts(result(owner, tried))
    assert outcome["mapping"] == {
        "E-Mail": "email",
        "First Name": "first_name",
        "CRM ID": "custom_fields.CRM ID",
        "Seats": "custom_fields.Seats",
    }
    [error] = outcome["errors"]
    assert (error["row"], error["line"], error["field"]) == (4, 5, "email")
    assert list(csv.reader(io.StringIO(fetched(owner, moto, outcome["errors_url"]))))[1][:3] == ["4", "5", "email"]
    [ada] = owner.get("/leads?q=ada@").data
    assert (ada["custom_fields"], ada["created_by"]) == ({"CRM ID": "c4", "Seats": 41}, owner.id)
    leads = owner.get("/leads").json
    assert (len(leads["data"]), leads["meta"]["total"]) == (2, 2)


def test_without_an_address_unique_columns_say_who_it_is(owner, work):
    text = "Prospect ID,Converted\n7f-1,0\n7f-2,1\n"
    for expected in ({"created": 2, "updated": 0}, {"created": 0, "updated": 2}):
        done = sent(owner, text)
        work()
        assert {name: result(owner, done)[name] for name in expected} == expected
    leads = owner.get("/leads").data
    assert {lead["identities"]["external"]["Prospect ID"] for lead in leads} == {"7f-1", "7f-2"}
    assert {lead["custom_fields"]["Converted"] for lead in leads} == {0, 1}


def test_a_mapping_of_ones_own_is_followed_and_checked(owner, work):
    mapping = json.dumps({"Mail": "email", "Nr": "identities.external.crm"})
    done = sent(owner, "Mail,Nr,Rest\na@a.example,7,x\n", f"?mapping={mapping}".replace(" ", "%20"))
    unknown = sent(owner, "Mail\na@a.example\n", "?mapping=%7B%22Other%22:%22email%22%7D")
    work()

    [lead] = owner.get("/leads").data
    assert (lead["identities"]["external"], lead["custom_fields"]) == ({"crm": "7"}, {})
    assert result(owner, done)["created"] == 1
    failed = owner.get(f"/operations/{unknown}").data
    assert (failed["status"], "no column 'Other'" in failed["error"]) == ("failed", True)
    for wrong in ("nonsense", "%7B%22a%22:%22nothing%22%7D", "[]"):
        assert owner.post(f"/leads/import?mapping={wrong}", b"x", headers=FORM).status == 400


def test_a_large_file_is_uploaded_first(owner, work, moto):
    announced = owner.post("/leads/import", {"upload": True})
    assert (announced.status, announced.data["upload"]["url"].startswith("http")) == (201, True)
    place = f"/leads/import/{announced.data['id']}/start"
    assert owner.post(place).code == "UPLOAD_MISSING"
    key = announced.data["upload"]["fields"]["key"]
    moto.aws.s3.put_object(
        Bucket=moto.resources.buckets["uploads"], Key=key, Body="email\na@a.example".encode("utf-16")
    )

    started = [owner.post(place, {"dry_run": False}) for _ in range(2)]
    assert [answer.status for answer in started] == [202, 202]
    work()
    assert result(owner, announced.data["id"])["created"] == 1
    assert owner.post("/leads/import/nonsense/start").status == 404


def test_a_worker_killed_twice_counts_every_row_once(owner, work, moto, monkeypatch):
    monkeypatch.setattr(job, "_STEP", 25)
    rows = [f"p{n}@a.example,{'x' if n % 7 else ''}" for n in range(60)] + ["bad,x"] + ["p3@a.example,y"] * 3
    done = sent(owner, "email,Note\n" + "\n".join(rows))
    real, deaths = DynamoImportedLeads.save_all, iter([1, 2])

    def dies_half_way(self, pairs, by):
        """Some are written, and nobody says so."""
        if next(deaths, None) is None:
            return real(self, pairs, by)
        real(self, pairs[: len(pairs) // 2], by)
        raise Crash

    monkeypatch.setattr(DynamoImportedLeads, "save_all", dies_half_way)
    body = json.dumps({"client_id": owner.client_id, "operation_id": done})
    for _ in range(2):
        with pytest.raises(Crash):
            call_handler(moto, "audience_jobs", {"Records": [{"messageId": "1", "body": body}]})
    work()

    assert counts(result(owner, done)) == {"rows": 64, "created": 60, "updated": 3, "skipped": 0, "failed": 1}
    leads = owner.get("/leads?limit=100").json
    assert (len({lead["email"] for lead in leads["data"]}), leads["meta"]["total"]) == (60, 60)


def test_a_cancelled_import_stops(owner, work):
    done = sent(owner, "email\n" + "\n".join(f"p{n}@a.example" for n in range(10)))
    assert owner.post(f"/operations/{done}/cancel").data["status"] == "cancelled"
    work()
    assert owner.get("/leads").data == []


def test_an_export_is_what_an_import_takes_back(owner, work, moto, people):
    lead = {
        "email": "ada@a.example",
        "first_name": "=HYPERLINK(1)",
        "tags": ["a", "b"],
        "custom_fields": {"seats": 40, "note": "-1+1"},
        "identities": {"external": {"crm": "7"}},
        "consent": {"email": {"granted": True}},
    }
    made = owner.post("/leads", lead).data
    owner.post("/leads", {"phone": "+4930901820", "source": "web"})
    files = {}
    for kind in ("csv", "json"):
        answer = owner.get(f"/leads/export?format={kind}")
        assert answer.status == 202
        work()
        outcome = result(owner, answer.data["id"])
        assert outcome["rows"] == 2
        files[kind] = fetched(owner, moto, outcome["url"])
    rows = list(csv.DictReader(io.StringIO(files["csv"])))
    assert [row["first_name"] for row in rows] == ["'=HYPERLINK(1)", ""]
    first = json.loads(files["json"])[0]
    assert {name: first[name] for name in ("id", "tags", "custom_fields")} == {
        name: made[name] for name in ("id", "tags", "custom_fields")
    }
    web = owner.get("/leads/export?source=web&format=json").data["id"]
    work()
    assert result(owner, web)["rows"] == 1

    other = people.sign_up()
    back = sent(other, files["csv"])
    work()
    assert counts(result(other, back)) == {"rows": 2, "created": 2, "updated": 0, "skipped": 0, "failed": 0}
    [copy] = other.get("/leads?q=ada@").data
    for name in ("first_name", "tags", "custom_fields"):
        assert copy[name] == made[name]
    assert copy["identities"] == made["identities"]
    assert copy["consent"]["email"]["granted"] is True


def test_fifty_rows_cost_nine_calls_at_most(moto, calls):
    client_id, import_id = new_id(), new_id()
    person = {"first_name": "Ada", "last_name": "Lovelace", "company": "Engines", "source": "fair"}
    rows = [Row(n, n + 1, {**person, "email": f"p{n}@company{n}.example"}) for n in range(1, 51)]
    leads = DynamoImportedLeads()

    with calls.counted() as made:
        holders = leads.holders(client_id, sorted({key for row in rows for key in keys_of(row.values)}))
        plan = Planner(import_id, client_id, "me", utc_now).plan(rows, holders, {})
        leads.save_all(list(plan.pairs.values()), "me")
    assert len(made) <= 9
    assert leads.page(client_id, Filter(), None, 1, None).total == 50


def test_a_file_of_others_is_nobodys(owner, people, moto, work):
    stranger = people.sign_up()
    done = sent(owner, "email\na@a.example\n")

    assert stranger.get(f"/operations/{done}").status == 404
    assert owner.gateway.get("/leads/files/nonsense").status == 404
    assert operations().get(owner.client_id, done).state["uploaded"] is False
    assert folder(owner.client_id, done).endswith(f"{done}/")

"""Campaigns and templates over HTTP, before anything is sent."""

from tests.people import People

TEMPLATES, EMAILS = "/communication/email/templates", "/communication/email/campaigns"


def test_templates_are_written_previewed_changed_and_deleted(people: People) -> None:
    editor = people.sign_up()
    made = editor.post(
        TEMPLATES,
        {
            "name": "Welcome",
            "subject": "Hi {{first_name | there}}",
            "mjml": "<mjml><mj-body><mj-section><mj-column><mj-text>{{company}} & {{first_name | you}}</mj-text>"
            "</mj-column></mj-section></mj-body></mjml>",
            "locales": {"de": {"html": "<p>Hallo {{first_name}}</p>"}},
            "sample": {"first_name": "Sam"},
        },
    )
    assert made.status == 201, made.body
    path = f"{TEMPLATES}/{made.data['id']}"
    assert made.headers["location"] == f"/api/v1{path}"
    assert made.data["variables"] == ["company", "first_name"]
    assert "<table" in made.data["html"]
    assert editor.get(path).data == made.data
    assert [template["id"] for template in editor.get(TEMPLATES).data] == [made.data["id"]]

    lead = editor.post("/leads", {"email": "ada@lovelace.example", "first_name": "Ada", "locale": "de-DE"}).data
    german = editor.post(f"{path}/preview", {"lead_id": lead["id"]}).data
    assert (german["subject"], german["html"], german["missing"]) == ("Hi Ada", "<p>Hallo Ada</p>", [])
    assert editor.post(f"{path}/preview").data["missing"] == ["company"]
    data = {"company": "A <b>", "first_name": "X"}
    assert "A &lt;b&gt; & X" in editor.post(f"{path}/preview", {"data": data}).data["html"]

    changed = editor.put(path, {"html": "<p>new</p>"}).data
    assert (changed["html"], changed["mjml"], changed["subject"], changed["version"]) == (
        "<p>new</p>",
        None,
        "Hi {{first_name | there}}",
        2,
    )
    campaign = editor.post(EMAILS, {"name": "Sale", "template_id": made.data["id"]}).data["id"]
    refused = editor.delete(path)
    assert (refused.status, refused.code) == (409, "IN_USE")
    assert refused.json["error"]["details"]["campaigns"] == [campaign]
    assert editor.delete(f"{EMAILS}/{campaign}").status == 200
    assert editor.delete(path).status == 200
    assert editor.get(path).status == 404


def test_templates_with_faults_are_refused_by_field(people: People) -> None:
    editor = people.sign_up()
    for more, field in [
        ({}, "html"),
        ({"html": "<p>{{ 'a' * 9 }}</p>"}, "html"),
        ({"html": "x", "subject": "a\r\nBcc: b"}, "subject"),
        ({"mjml": "<p>no</p>"}, "mjml"),
        ({"mjml": "<mjml><mj-body>" + "<mj-section>" * 6000 + "</mj-body></mjml>"}, "mjml"),
        ({"html": "x", "locales": {"de": {"html": "{% if %}"}}}, "locales.de.html"),
    ]:
        answer = editor.post(TEMPLATES, {"name": "T", **more})
        assert (answer.status, answer.json["error"]["field"]) == (400, field), answer.body


def test_one_aggregate_answers_in_three_families(people: People) -> None:
    editor = people.sign_up()
    email = editor.post(EMAILS, {"name": "Mail", "subject": "Hi", "body": {"html": "<p>Hi</p>"}}).data
    telegram = editor.post("/broadcast/campaign", {"name": "Chat", "message": "Hi {{first_name | you}}"}).data
    assert (email["channel"], email["status"], telegram["channel"]) == ("email", "draft", "telegram")

    assert [campaign["id"] for campaign in editor.get("/campaigns").data] == [telegram["id"], email["id"]]
    assert [listed_email["id"] for listed_email in editor.get(EMAILS).data] == [email["id"]]
    assert [campaign["id"] for campaign in editor.get("/campaigns?channel=telegram&status=draft&q=cha").data] == [
        telegram["id"]
    ]
    assert editor.get("/campaigns?status=sent").data == []
    assert editor.get(f"{EMAILS}/{telegram['id']}").status == 404
    assert editor.get(f"/broadcast/campaign/{telegram['id']}").data == telegram

    changed = editor.put(
        f"{EMAILS}/{email['id']}",
        {"schedule": {"at": "2030-01-01T09:00:00+01:00", "timezone": "recipient"}, "from": {"email": "A@Shop.example"}},
    )
    assert changed.data["schedule"] == {"at": "2030-01-01T08:00:00.000Z", "timezone": "recipient"}
    assert changed.data["from"] == {"name": "", "email": "a@shop.example"}
    assert changed.data["body"]["html"] == "<p>Hi</p>"
    cleared = editor.put(f"/campaigns/{email['id']}", {"schedule": None, "audience": None}).data
    assert (cleared["schedule"], cleared["audience"]["all"]) == (None, False)

    assert editor.delete(f"/broadcast/campaign/{telegram['id']}").status == 200
    assert editor.get(f"/campaigns/{telegram['id']}").status == 404


def test_campaigns_with_faults_are_refused_by_field(people: People) -> None:
    editor = people.sign_up()
    variants = [{"name": "A"}, {"name": "A"}]
    for body, field in [
        ({"name": "a\nb"}, "name"),
        ({"name": "a", "subject": "x\r\ny"}, "subject"),
        ({"name": "a", "from": {"email": "nobody"}}, "from.email"),
        ({"name": "a", "schedule": {"at": "2030-01-01T09:00:00"}}, "schedule.at"),
        (
            {"name": "a", "schedule": {"at": "2030-01-01T09:00:00Z", "timezone": "Mars/Olympus"}},
            "schedule.timezone",
        ),
        ({"name": "a", "message": "x"}, "message"),
        ({"name": "a", "variants": variants}, "variants"),
        ({"name": "a", "ab": {"sample_percent": 10}}, "ab"),
        ({"name": "a", "body": {"html": "{{"}}, "body.html"),
        ({"name": "a", "rules": {"stale_after": "soon"}}, "rules.stale_after"),
    ]:
        answer = editor.post(EMAILS, body)
        assert (answer.status, answer.json["error"]["field"]) == (400, field), answer.body
    assert editor.post(EMAILS, {"name": "a", "template_id": "none"}).status == 404
    assert editor.post(EMAILS, {"name": "a", "channel": "telegram"}).status == 400


def test_a_list_says_how_many_campaigns_there_are_of_any_channel_and_status(people: People) -> None:
    editor = people.sign_up()
    ids = [editor.post("/campaigns", {"name": f"Sale {number}"}).data["id"] for number in range(3)]
    editor.post("/campaigns", {"name": "Hello", "channel": "telegram"})
    editor.put(f"/campaigns/{ids[0]}", {"name": "Renamed"})
    assert editor.delete(f"/campaigns/{ids[1]}").status == 200

    def total(query: str = "") -> int | None:
        counted: int | None = editor.get(f"/campaigns?limit=1{query}").json["meta"]["total"]
        return counted

    assert (total(), total("&channel=email"), total("&channel=email&channel=telegram")) == (3, 2, 3)
    assert (total("&status=draft"), total("&status=sent"), total("&channel=telegram&status=draft")) == (3, 0, 1)
    assert editor.get(f"{EMAILS}?limit=1").json["meta"]["total"] == 2
    assert total("&q=sale") is None
    assert people.sign_up().get("/campaigns").json["meta"]["total"] == 0

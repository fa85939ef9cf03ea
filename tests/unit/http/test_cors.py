from groundswell.http.cors import cors_headers, is_preflight

APP = {"origin": "https://app.example"}


def test_an_allowed_origin_may_read_the_answer(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "https://other.example, https://app.example")

    headers = dict(cors_headers(APP))

    assert headers["access-control-allow-origin"] == "https://app.example"
    assert headers["vary"] == "Origin"
    assert "x-request-id" in headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in headers


def test_any_other_origin_may_not(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "https://app.example")

    assert cors_headers({"origin": "https://app.example.evil.example"}) == ()
    assert cors_headers({}) == ()


def test_nobody_is_allowed_until_somebody_is_named(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "")

    assert cors_headers(APP) == ()


def test_a_preflight_hears_methods_and_headers(monkeypatch) -> None:
    monkeypatch.setenv("FRONTEND_ORIGINS", "*")
    asked = APP | {"access-control-request-method": "PUT"}

    assert is_preflight("OPTIONS", asked)
    assert "PUT" in dict(cors_headers(asked))["access-control-allow-methods"]
    assert "if-match" in dict(cors_headers(asked))["access-control-allow-headers"]


def test_options_without_a_method_asked_about_is_no_preflight() -> None:
    assert not is_preflight("OPTIONS", APP)

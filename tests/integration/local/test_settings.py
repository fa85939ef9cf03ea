"""An operator's `GROUNDSWELL_<SETTING>` variables."""

import pytest

from infra.local.environment import overridden, unknown
from infra.stage import stage

LOCAL = stage("local")


def test_a_setting_is_taken_from_the_operator_in_its_own_type():
    changed = overridden(
        LOCAL, {"GROUNDSWELL_REQUIRE_VERIFICATION": "true", "GROUNDSWELL_PRINCIPAL_CACHE_SECONDS": "7"}
    )

    assert (changed.require_verification, changed.principal_cache_seconds) == (True, 7)


def test_an_smtp_server_also_becomes_the_transport_unless_that_is_given():
    url = {"GROUNDSWELL_SMTP_URL": "smtp://127.0.0.1:1025"}

    assert overridden(LOCAL, url).mail_transport == "smtp"
    assert overridden(LOCAL, url | {"GROUNDSWELL_MAIL_TRANSPORT": "mailbox"}).mail_transport == "mailbox"


def test_what_is_no_setting_is_passed_over():
    assert (
        overridden(LOCAL, {"GROUNDSWELL_NAME": "prod", "SMTP_URL": "smtp://elsewhere", "GROUNDSWELL_X": "1"}) == LOCAL
    )


def test_a_value_of_the_wrong_type_is_named():
    with pytest.raises(ValueError, match="GROUNDSWELL_RATE_LIMITS"):
        overridden(LOCAL, {"GROUNDSWELL_RATE_LIMITS": "maybe"})
    with pytest.raises(ValueError, match="GROUNDSWELL_PRINCIPAL_CACHE_SECONDS"):
        overridden(LOCAL, {"GROUNDSWELL_PRINCIPAL_CACHE_SECONDS": "soon"})


def test_a_variable_that_is_no_setting_is_told_with_the_one_that_was_meant():
    lines = unknown(LOCAL, {"GROUNDSWELL_SIGNUPMODE": "closed", "GROUNDSWELL_ZZZ": "1", "SMTP_URL": "x"})

    assert lines == [
        "GROUNDSWELL_SIGNUPMODE is no setting and changes nothing: did you mean GROUNDSWELL_SIGNUP_MODE?",
        "GROUNDSWELL_ZZZ is no setting and changes nothing",
    ]
    assert unknown(LOCAL, {"GROUNDSWELL_SIGNUP_MODE": "closed"}) == []

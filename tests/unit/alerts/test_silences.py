"""What a silence may be about."""

import pytest

from groundswell.alerts.silences import check_matchers
from groundswell.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("matchers", "hint"),
    [
        ({"severty": "critical"}, "did you mean severity?"),
        ({"alert": "a1"}, "did you mean alert_id?"),
        ({"Campaign": "1", "campain_id": "1"}, "did you mean campaign_id?"),
        ({"foo": "bar"}, "one of alert_id, alert_type, name, severity"),
        ({"severity": "huge"}, "one of info, warning, critical"),
        ({"alert_type": "clicks"}, "one of cplpv, eroas"),
    ],
)
def test_what_no_instance_ever_has_is_refused_with_the_nearest_name(matchers, hint):
    with pytest.raises(Invalid) as refused:
        check_matchers(matchers)
    assert hint in refused.value.problems[-1].message
    assert refused.value.problems[-1].field.startswith("matchers.")


@pytest.mark.parametrize(
    "matchers",
    [
        {"alert_id": "a1", "severity": "critical"},
        {"campaign_id": "916", "alert_type": "cpc"},
        {"properties.plan": "pro"},
        {"name": "Dear clicks", "platform": "meta_ads"},
    ],
)
def test_alerts_and_dimensions_may_be_silenced(matchers):
    check_matchers(matchers)

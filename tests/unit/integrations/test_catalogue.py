"""The catalogue, the settings of a stage and the peers that tests have name the same platforms."""

from dataclasses import fields

from groundswell.alerts.metrics import SOURCES
from groundswell.integrations.catalogue import NAMES, platforms
from infra.platforms import PLATFORM_SETTINGS, PLATFORMS, PlatformSettings
from tests.platform_shapes import SHAPES


def test_every_platform_has_its_settings_and_a_peer() -> None:
    assert PLATFORMS == NAMES == tuple(platform.name for platform in platforms())
    assert {field.name.upper() for field in fields(PlatformSettings)} == set(PLATFORM_SETTINGS)
    assert {shape.name for shape in SHAPES} == set(NAMES)


def test_alerts_watch_exactly_the_platforms_that_have_ads() -> None:
    assert set(SOURCES) - {"all_ads", "events", "metrics"} == {e.name for e in platforms() if e.category == "ads"}

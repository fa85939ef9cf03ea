"""A zone is the same on every machine."""

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import zone
from groundswell.kernel.zones import check_zone

MACHINES = ["localtime", "Factory", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin"]
NONE = ["", "Mars/Phobos", "../etc/passwd", "Europe", "/Europe/Berlin", "europe/berlin", "+02:00", "zone.tab", "a\x00"]


@pytest.mark.parametrize("name", [*MACHINES, *NONE])
def test_a_name_that_says_how_a_machine_is_set_or_nothing_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        check_zone(name)
    with pytest.raises(Invalid):
        zone(name)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Europe/Kyiv", "Asia/Calcutta", "Etc/GMT-14", "Zulu"])
def test_iana_zones_are_zones_by_their_older_names_too(name: str) -> None:
    assert check_zone(name) == name
    assert zone(name).key == name

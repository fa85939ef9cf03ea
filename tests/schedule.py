"""What one of several processes takes at once: the tests of a file, all that need syntheses, one of the contract."""

from xdist.scheduler import LoadScopeScheduling

SYNTHESIZED = "tests/infra/test_"
"""These share four syntheses of some seconds each."""
EACH_ALONE = "tests/integration/security/test_contract.py"
"""These share nothing, and take longer than any file."""


class Schedule(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(SYNTHESIZED):
            return SYNTHESIZED
        if nodeid.startswith(EACH_ALONE):
            return nodeid
        return nodeid.partition("::")[0]

"""What other features take from this one, ready to use."""

from groundswell.integrations.adapter_facts import DynamoFacts
from groundswell.integrations.facts import FactsStore


def facts() -> FactsStore:
    """Ad rows of all platforms. The function needs `Query` on the core table."""
    return DynamoFacts()

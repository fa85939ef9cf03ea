"""Lists that others keep up: domains that throw addresses away, and names of offices."""

from groundswell.validation.roles import is_role


class KeptLists:
    def is_disposable(self, domain: str) -> bool:
        """The domain, or one that it is below."""
        from disposable_email_domains import blocklist  # 24 ms

        labels = domain.split(".")
        return any(".".join(labels[place:]) in blocklist for place in range(len(labels) - 1))

    def is_role(self, email: str) -> bool:
        return is_role(email)

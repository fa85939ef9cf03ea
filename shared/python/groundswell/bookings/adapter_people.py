"""Hosts of bookings, as calendars and mails name them."""

from collections.abc import Sequence

from groundswell.bookings.mails import Person
from groundswell.tenancy.members.store import DynamoPeople


class DynamoBookingPeople:
    def __init__(self, people: DynamoPeople) -> None:
        self._people = people

    def people(self, user_ids: Sequence[str]) -> Sequence[Person]:
        found = self._people.find_many(tuple(user_ids))
        users = [found[each] for each in user_ids if each in found]
        return [Person(each.id, each.email, f"{each.first_name} {each.last_name}".strip()) for each in users]

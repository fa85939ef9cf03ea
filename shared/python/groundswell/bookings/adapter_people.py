"""Hosts of bookings, as calendars and mails name them."""

from collections.abc import Sequence

from groundswell.bookings.mails import Person
from groundswell.tenancy.members.store import DynamoPeople


class DynamoBookingPeople:
    def __init__(self, people: DynamoPeople) -> None:
        self._people = people

    def people(self, user_ids: Sequence[str]) -> Sequence[Person]:
        people = self._people.find_many(tuple(user_ids))
        users = [people[user_id] for user_id in user_ids if user_id in people]
        return [Person(user.id, user.email, f"{user.first_name} {user.last_name}".strip()) for user in users]

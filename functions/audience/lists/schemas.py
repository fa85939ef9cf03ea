"""Wire shapes of lists."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from groundswell.audience.model import MailingList, OptIn
from groundswell.http.schema import Changes, In, Line, Out, Time

Description = Annotated[str, StringConstraints(max_length=2000)]


class ListIn(In):
    """With `double`, whoever is added is `pending` until they confirm by the link in a mail."""

    name: Line
    opt_in: OptIn = OptIn.SINGLE
    description: Description | None = None
    client_id: str | None = None


class ListUpdate(Changes):
    required: ClassVar[frozenset[str]] = frozenset({"name", "opt_in"})

    name: Line | None = None
    opt_in: OptIn | None = None
    description: Description | None = None
    client_id: str | None = None


class ListOut(Out):
    """`members` is how many leads are subscribed."""

    id: str
    client_id: str
    name: str
    opt_in: OptIn
    description: str | None
    members: int
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def list_out(mailing_list: MailingList, sizes: Mapping[str, int]) -> ListOut:
    own = {name: getattr(mailing_list, name) for name in ListOut.model_fields if name != "members"}
    return ListOut(**own, members=sizes.get(mailing_list.id, 0))

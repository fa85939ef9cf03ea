"""Wire shapes of comments."""

from typing import Annotated

from pydantic import StringConstraints

from groundswell.http.schema import In, Out, Time

Content = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


class CommentIn(In):
    """`@` with a user's id or e-mail address mentions whoever works for the client; they are told once."""

    content: Content
    client_id: str | None = None


class CommentOut(Out):
    """`mentions` are the users who were told; `unknown_mentions` what stands behind an @ and names nobody here."""

    id: str
    task_id: str
    user_id: str
    content: str
    mentions: list[str]
    unknown_mentions: list[str]
    created_at: Time
    updated_at: Time
    edited_at: Time | None
    version: int

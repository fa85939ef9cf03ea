"""How comments lie in the core table: `TASKCOMMENTS#<client>`, `COMMENT#<id>`; of one task, oldest first, through gsi1:
`TASK#<client>#<task>`, `COMMENT#<id>`."""

from pynamodb.attributes import ListAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.tasks.comments.model import Comment


class CommentItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    task_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    content = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    mentions = ListAttribute(of=UnicodeAttribute, default=list)
    unknown_mentions = ListAttribute(of=UnicodeAttribute, default=list)
    edited_at = UTCDateTimeAttribute(null=True)


def comments_pk(client_id: str) -> str:
    return f"TASKCOMMENTS#{client_id}"


def of_task(client_id: str, task_id: str) -> str:
    return f"TASK#{client_id}#{task_id}"


def comment_item(comment: Comment) -> CommentItem:
    sk = f"COMMENT#{comment.id}"
    keys = {"gsi1pk": of_task(comment.client_id, comment.task_id), "gsi1sk": sk}
    return to_item(CommentItem, comment, comments_pk(comment.client_id), sk, kind="task_comment", **keys)

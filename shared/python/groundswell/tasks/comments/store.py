"""Comments in DynamoDB (how they lie there: `items`)."""

from collections.abc import Sequence
from dataclasses import replace

from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.storage.reading import find, list_page
from groundswell.storage.transaction import delete, put, write
from groundswell.tasks.comments.items import CommentItem, comment_item, comments_pk, of_task
from groundswell.tasks.comments.model import Comment


class DynamoCommentStore:
    def find(self, client_id: str, comment_id: str) -> Comment | None:
        return find(Comment, CommentItem, comments_pk(client_id), f"COMMENT#{comment_id}")

    def page(self, client_id: str, task_id: str, limit: int, position: Position | None) -> Page[Comment]:
        return list_page(Comment, CommentItem, of_task(client_id, task_id), "COMMENT", limit, position)

    def save(self, comment: Comment, messages: Sequence[Message]) -> Comment:
        item = comment_item(comment)
        write([put(item)], messages)
        return replace(comment, version=int(item.version or 0))

    def remove(self, comment: Comment) -> None:
        write([delete(comment_item(comment))])

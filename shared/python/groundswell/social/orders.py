"""What asks for a post to be published at once: the message of its timer, ahead of it."""

from groundswell.kernel.message import Message
from groundswell.schedules.timers import Firing, firing_body
from groundswell.social.model import Post
from groundswell.social.timers import PUBLISH, QUEUE, attempt_of


def publish_message(post: Post) -> Message:
    """For the transaction that makes it due."""
    due = post.scheduled_at or post.updated_at
    firing = Firing(post.client_id, PUBLISH, post.id, due, 0, missed=False, payload=attempt_of(post))
    return Message(QUEUE, f"{post.id}-publish-{post.attempt}", firing_body(firing))

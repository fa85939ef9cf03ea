"""Kept answers in memory."""

import msgspec

from groundswell.analytics.engine.keeping import Kept

_encoder = msgspec.json.Encoder(decimal_format="number")


class FakeKeptAnswers:
    def __init__(self):
        self.kept = {}
        self.counted = []

    def find(self, client_id, question):
        return self.kept.get((client_id, question))

    def put(self, client_id, question, state, answer):
        raw = {name: msgspec.Raw(_encoder.encode(value)) for name, value in answer.items()}
        self.kept[client_id, question] = Kept(state, 0, raw)

    def drop(self, client_id, question):
        self.kept.pop((client_id, question), None)

    def used(self, kept):
        self.counted.append("hit")
        return kept.answer | {"cached_at": "1970-01-01T00:00:00.000Z"}

    def missed(self, kept):
        self.counted.append("miss" if kept is None else "evicted")

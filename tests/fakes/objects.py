"""A bucket in memory."""

import gzip
import json


class FakeObjects:
    def __init__(self):
        self.kept = {}

    def put(self, name, data):
        self.kept[name] = data

    def get(self, name):
        return (self.kept[name], "") if name in self.kept else None

    def names(self, beginning):
        return iter(sorted(name for name in self.kept if name.startswith(beginning)))

    def delete(self, names):
        for name in names:
            self.kept.pop(name, None)

    def json(self, name):
        return json.loads(gzip.decompress(self.kept[name]))

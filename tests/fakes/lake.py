"""The archive's manifests and objects in memory, with the same promises as the table and the bucket."""

from itertools import count

from groundswell.events.archiver.lake import Lake, Manifest


class Crash(BaseException):
    """The process died at this write."""


class Deaths:
    """`at` is how many writes are done before the process dies: after the one that is made last, or before the next."""

    def __init__(self):
        self.writes, self.at, self.after = 0, None, False

    def write(self, do):
        self.writes += 1
        if self.at is not None and self.writes > self.at and not self.after:
            raise Crash
        done = do()
        if self.at is not None and self.writes > self.at:
            raise Crash
        return done


class FakePointers:
    def __init__(self, deaths):
        self.kept, self._deaths = {}, deaths

    def get(self, log):
        return self.kept.get(log, Manifest())

    def put(self, log, manifest, before):
        def do():
            if self.get(log).version != before.version:
                return False
            self.kept[log] = manifest
            return True

        return self._deaths.write(do)

    def forget(self, log):
        self._deaths.write(lambda: self.kept.pop(log, None))


class FakeObjects:
    """`meanwhile` is called ahead of each write."""

    def __init__(self, deaths):
        self.kept, self._deaths = {}, deaths
        self.meanwhile = lambda: None

    def put(self, name, data):
        self.meanwhile()
        self._deaths.write(lambda: self.kept.__setitem__(name, data))

    def names(self, beginning, after=""):
        return iter([name for name in sorted(self.kept) if name.startswith(beginning) and name > after])

    def get(self, name):
        return (self.kept[name], "") if name in self.kept else None

    def delete(self, names):
        for name in list(names):
            self._deaths.write(lambda name=name: self.kept.pop(name, None))


class FakeLake(Lake):
    def __init__(self):
        self.deaths = Deaths()
        self.pointers, self.objects = FakePointers(self.deaths), FakeObjects(self.deaths)
        numbers = count()
        super().__init__(self.pointers, self.objects, lambda: f"{next(numbers):04}")

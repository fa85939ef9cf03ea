"""AWS calls of a published page: in a process that never saw it, and again within its max-age."""

from tests.benchmarks.in_moto import system
from tests.benchmarks.report import Figure, Say, at_most, table
from tests.calls import Calls
from tests.gateway import Gateway
from tests.people import People

_TEXTS = {"title": {"en": "Growth", "de": "Wachstum"}, "content": {"en": "<p>Read</p>", "de": "<p>Lesen</p>"}}


def measure(say: Say) -> tuple[list[Figure], str]:
    say("one page, read three times")
    with system(PUBLIC_URL="https://api.acme.example", PAGE_CACHE_SECONDS="60") as backend:
        gateway = Gateway(backend, "198.51.100.7")
        ada = People(gateway).sign_up()
        assert ada.post("/content/pages", {"slug": "growth", **_TEXTS, "status": "published"}).status == 201
        path = f"=/public/pages/growth?client_id={ada.client_id}"
        gateway.get("=/public/pages/other?client_id=none")  # the process is there, and knows no page
        rows = [(what, _read(gateway, f"{path}&locale={locale}")) for what, locale in _READS]
    counts = {what: len(calls) for what, calls in rows}
    figures = [
        at_most("AWS calls of a published page, cold", counts["cold"], 2, spell="{:.0f}"),
        at_most("… warm, within its max-age", max(counts["again"], counts["another language"]), 0, spell="{:.0f}"),
    ]
    spelt = [(what, str(len(calls)), ", ".join(calls) or "-") for what, calls in rows]
    return figures, table("A published page", ("read", "calls", "which"), spelt)


_READS = (("cold", "en"), ("again", "en"), ("another language", "de"))


def _read(gateway: Gateway, path: str) -> list[str]:
    with Calls().counted() as calls:
        answer = gateway.get(path)
    assert answer.status == 200, answer.body
    return calls

"""Notes when each timer came, by the stage's clock. `every_hours` of its payload sets it anew, while `times` last."""

from datetime import timedelta

from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns, set_timer
from groundswell.schedules.timers import Timer, parse_firing
from groundswell.storage.transaction import put_row, write


def handler(event, context):
    for record in event["Records"]:
        firing = parse_firing(record["body"])
        due = rfc3339(firing.due)
        run_once(DynamoRuns(utc_now), firing.name, due, 60, lambda firing=firing, due=due: remind(firing, due))


def remind(firing, due):
    row = {
        "pk": {"S": f"REMINDED#{firing.tenant}"},
        "sk": {"S": f"{rfc3339(utc_now())} {firing.key} {due}"},
        "seen": {"N": str(firing.late_seconds)},
    }
    changes = [put_row("ephemeral", row)]
    payload = dict(firing.payload)
    if payload.get("times", 0) > 1:
        payload["times"] -= 1
        later = firing.due + timedelta(hours=payload["every_hours"])
        changes.append(set_timer(Timer(firing.tenant, firing.kind, firing.key, later, "reminders", payload)))
    write(changes)

"""Never answers in time, unless it is asked to be quick."""

import time


def handler(event, context):
    time.sleep(0 if event["rawQueryString"] == "quick" else 600)
    return {"statusCode": 200}

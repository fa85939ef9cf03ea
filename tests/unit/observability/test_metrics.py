import json

from groundswell.observability.metrics import metric


def test_a_metric_is_one_line_that_cloudwatch_reads_and_of_one_stage(capsys, monkeypatch) -> None:
    monkeypatch.setenv("STAGE", "staging")
    metric("RecordsFailed", 3, queue="mail")

    line = json.loads(capsys.readouterr().out)
    directive = line["_aws"]["CloudWatchMetrics"][0]
    assert directive["Namespace"] == "Groundswell"
    assert directive["Metrics"] == [{"Name": "RecordsFailed", "Unit": "Count"}]
    assert (line["RecordsFailed"], line["queue"], line["stage"]) == ([3.0], "mail", "staging")
    assert directive["Dimensions"] == [["queue", "stage"]]

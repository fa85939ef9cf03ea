"""Lines of `groundswell dev`: what is in them is anybody's text."""

from infra.local.output import Output


def test_a_line_stays_one_line_and_moves_no_cursor(capfd):
    with Output() as say:
        say("GET /x\ngroundswell.demo {}\r\x1b[2J\x00\x9b2J é 200")

    [line] = capfd.readouterr().out.splitlines()
    assert line.endswith("GET /x\\x0agroundswell.demo {}\\x0d\\x1b[2J\\x00\\x9b2J é 200")

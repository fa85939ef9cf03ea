"""Never works."""


def handler(event, context):
    raise RuntimeError("never works")

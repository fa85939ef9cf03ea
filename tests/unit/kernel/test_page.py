from groundswell.kernel.page import Page


def test_mapping_a_page_keeps_where_it_goes_on() -> None:
    assert Page((1, 2), {"id": "2"}).map(str) == Page(("1", "2"), {"id": "2"})

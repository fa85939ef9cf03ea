"""A page as an answer."""

from fastapi import Response

from functions.cms.schemas import PageOut, page_out
from groundswell.cms.service import Draft
from groundswell.http.preconditions import tag


def tagged(draft: Draft, response: Response) -> PageOut:
    tag(response, draft.page.version)
    return page_out(draft)

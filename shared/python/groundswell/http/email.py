"""E-mail addresses as they come in."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from groundswell.kernel.email import LONGEST, normalize_email

Email = Annotated[str, StringConstraints(max_length=LONGEST, strip_whitespace=True), AfterValidator(normalize_email)]

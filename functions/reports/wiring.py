"""The services of this function."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.reports.adapter_wiring import report_exports, report_schedules, report_service
from groundswell.reports.exports import Exports
from groundswell.reports.sending import Schedules
from groundswell.reports.service import ReportService

Reports = Annotated[ReportService, provide(report_service)]
Making = Annotated[Exports, provide(report_exports)]
Sending = Annotated[Schedules, provide(report_schedules)]

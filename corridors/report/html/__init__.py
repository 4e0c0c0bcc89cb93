"""The report a ministry can read: one HTML page, whole in itself, in five languages."""

from corridors.report.html.page import report_html
from corridors.report.html.strings import LANGUAGES

__all__ = ["LANGUAGES", "report_html"]

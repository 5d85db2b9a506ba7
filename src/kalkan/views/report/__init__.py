"""The report of a run: one HTML file."""

from kalkan.views.report.page import NAME, page, write_report

__all__ = ["NAME", "page", "write_report"]

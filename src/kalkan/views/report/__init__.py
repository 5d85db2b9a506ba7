"""The report of a run: one HTML file."""

from kalkan.views.report.page import page, write_report

__all__ = ["page", "write_report"]

"""The report of a model: one HTML file with everything in it, for the person who has to trust it.

Each section is a file that makes HTML from the manifest and the evidence; :mod:`mmrisk_core.html.page` holds them.
"""

from __future__ import annotations

from mmrisk_core.report.build import (
    render_card,
    render_evaluation_report,
    render_report,
    write_evaluation_report,
    write_report,
)

__all__ = ["render_card", "render_evaluation_report", "render_report", "write_evaluation_report", "write_report"]

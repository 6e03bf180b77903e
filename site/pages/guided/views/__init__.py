"""Views of the guided flow: parse, call one flow, on to the next step."""

from pages.guided.views import check, courses, steps

__all__ = ["check", "courses", "steps"]

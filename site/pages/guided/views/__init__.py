"""Views of the guided flow: parse, call one flow, on to the next step."""

from pages.guided.views import check, courses, next_class, steps

__all__ = ["check", "courses", "next_class", "steps"]

"""When a lesson opens, in words: for the outline, the page of what is not open, and the teacher's list."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.access import LessonAccess, needed_lesson
from courses.models import Lesson


def rule_in_words(lesson: Lesson) -> str:
    """The rule itself, the same for every learner: `Day 3`, `when homework 3 is accepted` …

    The lesson must come from `with_published`.
    """
    if lesson.unlock == Lesson.Unlock.DATE and lesson.opens_on:
        return _("Opens on %(date)s") % {"date": date_format(lesson.opens_on, "DATE_FORMAT")}
    needs = needed_lesson(lesson)
    if needs is None:
        return _("Opens on day %(day)s") % {"day": lesson.day if lesson.unlock == Lesson.Unlock.DAY else 1}
    return _needs_in_words(lesson, needs)


def _needs_in_words(lesson: Lesson, needs: dict[str, Any]) -> str:
    values = {"number": needs["position"], "title": needs["title"]}
    if lesson.unlock == Lesson.Unlock.HOMEWORK and needs["asks"]:
        return _("Opens when your homework of lesson %(number)s “%(title)s” is accepted") % values
    return _("Opens when you have finished lesson %(number)s “%(title)s”") % values


def closed_in_words(lesson: Lesson, access: LessonAccess) -> str:
    """Why it is not open to this learner yet; '' where a date, or the parcel, is the whole answer."""
    if access.why == "paused":
        return _("Opens when your course goes on: it is paused at the moment")
    needs = needed_lesson(lesson)
    if access.why in ("needs_previous", "needs_homework") and needs:
        return _needs_in_words(lesson, needs)
    return ""

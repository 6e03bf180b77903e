"""When homework is wanted."""

from datetime import date

from courses.models import Enrolment, Lesson
from courses.reads.days_off import seat_calendar


def due_of(seat: Enrolment | None, lesson: Lesson) -> date | None:
    """The local day by whose end the lesson's homework is wanted; None where nothing says so yet. Rest days move it."""
    assignment = getattr(lesson, "assignment", None)
    if seat is None or seat.starts_on is None or assignment is None or assignment.due_day is None:
        return None
    return seat_calendar(seat).spans[-1].day(assignment.due_day)

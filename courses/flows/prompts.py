"""Discussions of lessons, opened on the boards of a course's classes."""

from community import flows as community
from community.models import Space
from courses.models import Cohort, Course, Prompt


def open_prompts(*, course: Course, cohort: Cohort | None = None) -> None:
    """Open the discussions of the course's lessons in the space of this class, or of every class. Safe to repeat."""
    classes = [cohort] if cohort is not None else list(course.cohorts.all())
    prompts = list(Prompt.objects.filter(lesson__course=course).order_by("lesson__position", "pk")) if classes else []
    for one in classes:
        space = Space.objects.filter(about=one.seat_ref, archived_at=None).first()
        for prompt in prompts if space is not None else []:
            community.open_topic(
                author=course.teacher,
                space=space,
                kind="question",
                title=prompt.title,
                source=prompt.source,
                key=f"prompt-{prompt.pk}-{one.pk}",
                about=f"lesson:{prompt.lesson_id}",
                is_paced=False,
            )

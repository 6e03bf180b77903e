"""Progress: append-only, and the same whatever the order, however often (two tabs, replays, late beacons)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from courses.flows import complete_lesson, open_lesson, save_resume_point
from courses.models import Media, ProgressEvent, ResumePoint
from kit.clock import now
from kit.models import OutboxMessage
from tests.factories import enrol, make_cohort, make_course, make_user
from tests.profile import size

OPEN, DONE = "open", "done"
deeds = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([OPEN, DONE]), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("stopped"), st.integers(0, 1), st.integers(0, 50)),
    ),
    max_size=8,
)


class ProgressProperties(TestCase):
    """Each example runs in a transaction of its own."""

    @settings(max_examples=size(12, 300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(done=deeds, data=st.data())
    def test_any_order_and_any_repetition_end_in_the_same_state(self, done: list[Any], data: Any) -> None:
        states = []
        replayed = data.draw(st.permutations([*done, *done]))
        for journey in (done, replayed):
            states.append(self.state_after(journey))
        assert states[0] == states[1]

    def state_after(self, journey: list[Any]) -> Any:
        course = make_course(lessons=2, teacher=make_user())
        seat, lessons = enrol(make_user(), make_cohort(course=course)), list(course.lessons.all())
        media = Media.objects.create(
            course=course, kind="audio", title="T", key=f"k{course.pk}", content_type="audio/wav", size=1, created_at=now()
        )
        start = now() - timedelta(hours=1)
        for deed, number, second in journey:
            if deed == OPEN:
                open_lesson(enrolment=seat, lesson=lessons[number])
            elif deed == DONE:
                complete_lesson(enrolment=seat, lesson=lessons[number])
            else:  # a player that went forward: it stood at `second` then
                at = start + timedelta(seconds=second)
                save_resume_point(enrolment=seat, lesson=lessons[number], media=media, seconds=second, at=at)
        events = ProgressEvent.objects.filter(enrolment=seat).values_list("lesson__position", "kind")
        stopped = ResumePoint.objects.filter(enrolment=seat).values_list("lesson__position", "seconds")
        told = OutboxMessage.objects.filter(topic="progress.day_reached", key__startswith=f"{seat.pk}:").count()
        return sorted(events), sorted(stopped), told, hasattr(seat, "certificate")


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_take_away_what_happened(teacher: Any, student: Any) -> None:
    seat = enrol(student, make_cohort(course=make_course(lessons=1)))
    event = complete_lesson(enrolment=seat, lesson=seat.cohort.course.lessons.get())
    own = ProgressEvent.objects.filter(pk=event.pk)
    for change in (lambda: own.update(at=now()), own.delete, lambda: own._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert ProgressEvent.objects.count() == 2

"""Notes beside a lesson: one's own, at a second of a recording, for nobody else."""

from typing import Any

import pytest
from django.test import Client

from accounts.flows import erase_account
from courses.flows import revoke_seat
from courses.models import Enrolment, Media, Note
from kit.clock import now
from kit.persons import everything_of
from tests.courses_growth import queries
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=3)))
    return seat


def address(seat: Enrolment, number: int = 1) -> str:
    return f"/courses/{seat.cohort.course.slug}/day-{number}/"


def write(seat: Enrolment, client_of: Any, **sent: Any) -> Any:
    return client_of(seat.user).post(address(seat) + "notes/", {"text": "Thumb lower", **sent})


def test_a_note_at_second_134_stands_beside_the_lesson_and_leads_there(seat: Enrolment, client_of: Any) -> None:
    item = Media.objects.create(
        course=seat.cohort.course, kind="audio", title="Take", key="k", content_type="audio/wav", size=1, created_at=now()
    )
    assert write(seat, client_of, second="2:14", media=item.pk).headers["Location"].endswith("#notes")
    assert Note.objects.values_list("second", "media").get() == (134, item.pk)
    html = client_of(seat.user).get(address(seat)).content.decode()
    assert f'data-seek-media="{item.pk}" data-second="134"' in html
    assert "Thumb lower" in html
    assert ">2:14</a>" in html


def test_notes_stand_in_the_order_of_the_recording_and_their_words_are_harmless(seat: Enrolment, client_of: Any) -> None:
    for second, text in (("", "last"), ("1:00", "second"), ("5", "first<script>alert(1)</script>")):
        write(seat, client_of, second=second, text=text)
    html = client_of(seat.user).get(address(seat)).content.decode().split('id="notes"')[1]
    assert html.index("first&lt;script&gt;") < html.index(">second<") < html.index(">last<")


def test_it_is_changed_and_deleted_by_its_owner(seat: Enrolment, client_of: Any) -> None:
    write(seat, client_of)
    path = f"{address(seat)}notes/{Note.objects.get().pk}/"
    client_of(seat.user).post(path, {"text": "Higher"})
    assert Note.objects.get().text == "Higher"
    client_of(seat.user).post(path, {"text": "  "})
    assert Note.objects.get().text == "Higher"
    client_of(seat.user).post(path, {"delete": "1"})
    assert not Note.objects.exists()


def test_nobody_else_reads_changes_or_finds_it(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    write(seat, client_of)
    path = f"{address(seat)}notes/{Note.objects.get().pk}/"
    classmate = make_user()
    enrol(classmate, seat.cohort)
    for person in (classmate, teacher, make_user()):
        assert "Thumb lower" not in client_of(person).get(address(seat)).content.decode()
        for sent in ({"text": "mine"}, {"delete": "1"}):
            assert client_of(person).post(path, sent).status_code == 404
    assert Client().post(path, {"delete": "1"}).status_code == 404
    assert Note.objects.get().text == "Thumb lower"


def test_it_belongs_to_its_lesson_and_a_closed_lesson_takes_none(seat: Enrolment, client_of: Any) -> None:
    write(seat, client_of)
    note = Note.objects.get()
    assert client_of(seat.user).post(f"{address(seat, 2)}notes/", {"text": "early"}).status_code == 404
    revoke_seat(source=seat.source)
    assert client_of(seat.user).post(f"{address(seat)}notes/{note.pk}/", {"text": "late"}).status_code == 404
    assert Note.objects.get().text == "Thumb lower"


@pytest.mark.parametrize("odd", ["-1", "1:2:3:4", "99999999", "x", "２:1", "1e3"])
def test_an_odd_second_is_left_out(seat: Enrolment, client_of: Any, odd: str) -> None:
    assert write(seat, client_of, second=odd, media="9" * 30).status_code == 302
    assert Note.objects.values_list("media").get() == (None,)
    assert Note.objects.get().second in (None, 121)


def test_another_courses_recording_is_none_of_it(seat: Enrolment, client_of: Any) -> None:
    other = Media.objects.create(
        course=make_course(), kind="audio", title="Other", key="o", content_type="audio/wav", size=1, created_at=now()
    )
    write(seat, client_of, second="3", media=other.pk)
    assert Note.objects.values_list("second", "media").get() == (3, None)


def test_notes_cost_no_query(seat: Enrolment, client_of: Any) -> None:
    browser = client_of(seat.user)
    few = queries(browser, address(seat))
    for number in range(20):
        Note.objects.create(
            enrolment=seat, lesson=seat.cohort.course.lessons.first(), text=str(number), second=number, changed_at=now()
        )
    assert queries(browser, address(seat)) == few <= 12


def test_notes_are_taken_along_and_erased(seat: Enrolment, client_of: Any) -> None:
    write(seat, client_of)
    assert everything_of(seat.user)["courses"]["notes"][0]["text"] == "Thumb lower"
    erase_account(user=seat.user)
    assert not Note.objects.exists()

"""Live sessions: only the class, the way in only near the time, calendars that calendar programs read, who was there."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from courses.flows import add_media, add_to_team, announce_session, make_feed, revoke_seat
from courses.models import Attendance, CalendarFeed, LiveSession
from kit.clock import now
from kit.ics import Event, calendar_text, escaped, folded
from kit.persons import erase_everything, everything_of
from notices.models import Notice
from tests.courses_growth import queries
from tests.factories import enrol, make_cohort, make_course, make_user

ROOM = "https://meet.example.org/room-42"


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=1), name="Spring class", slug="spring", days=60)


@pytest.fixture
def session(cohort: Any, teacher: Any) -> LiveSession:
    starts_at = now().replace(microsecond=0) + timedelta(days=2)
    return announce_session(
        cohort=cohort, title="First chords", starts_at=starts_at, minutes=60, join_url=ROOM, actor=teacher, told=False
    )


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


@given(st.text(max_size=400))
def test_any_title_is_one_property_in_lines_of_75_octets_that_unfold_to_it(title: str) -> None:
    line = f"SUMMARY:{escaped(title)}"
    text = folded(line)
    assert text.endswith("\r\n")
    assert all(len(part.encode()) <= 75 for part in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert unfolded(text) == [line, ""]


def test_a_calendar_is_what_rfc_5545_asks() -> None:
    taipei_evening = datetime(2027, 3, 3, 11, 30, tzinfo=UTC)
    event = Event(
        "live-7@demo.test", taipei_evening, taipei_evening + timedelta(hours=1), "琴, rhythm; a\\b\nBEGIN:VALARM", sequence=3
    )
    text = calendar_text(name="My sessions", events=[event], at=taipei_evening)
    lines = unfolded(text)
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert "VERSION:2.0" in lines
    assert "DTSTART:20270303T113000Z" in lines
    assert "DTEND:20270303T123000Z" in lines
    assert "UID:live-7@demo.test" in lines
    assert "SEQUENCE:3" in lines
    assert "SUMMARY:琴\\, rhythm\\; a\\\\b\\nBEGIN:VALARM" in lines
    assert [line for line in lines if line.startswith("BEGIN:")] == ["BEGIN:VCALENDAR", "BEGIN:VEVENT"]
    assert any(line.startswith("DTSTAMP:") for line in lines)
    assert not re.search(r"[^\r]\n", text)


@pytest.mark.django_db
def test_the_teacher_plans_in_the_classs_time_and_the_class_is_told(
    cohort: Any, teacher: Any, student: Any, client_of: Any
) -> None:
    enrol(student, cohort)
    form = {"title": "First chords", "day": "2031-07-01", "time": "20:00", "minutes": 45, "join_url": ROOM}
    assert client_of(teacher).post("/teach/classes/spring/live/", form).status_code == 302
    row = LiveSession.objects.get()
    assert row.starts_at == datetime(2031, 7, 1, 12, 0, tzinfo=UTC)
    assert "First chords" in Notice.objects.get(user=student, key__startswith="live:").headline
    for bad in ("http://plain.example.org/", "javascript:alert(1)"):
        assert client_of(teacher).post("/teach/classes/spring/live/", {**form, "join_url": bad}).status_code == 200
    assert LiveSession.objects.count() == 1
    path = f"/teach/classes/spring/live/{row.pk}/"
    client_of(teacher).post(path, {**form, "time": "21:00"})
    row.refresh_from_db()
    assert (row.starts_at.hour, row.sequence) == (13, 1)
    assert Notice.objects.filter(user=student, key__startswith="live:").count() == 2
    client_of(teacher).post(path, {"cancel": "yes"})
    assert "STATUS:CANCELLED" in client_of(student).get(f"/learn/live/{row.pk}/session.ics").content.decode()


@pytest.mark.django_db
def test_the_way_in_is_shown_to_the_class_alone_and_only_near_the_time(
    cohort: Any, session: LiveSession, student: Any, client_of: Any, clock: Any
) -> None:
    seat = enrol(student, cohort)
    browser, page = client_of(student), f"/en/learn/live/{session.pk}/"
    join = f"/learn/live/{session.pk}/join/"
    assert "Join now" not in browser.get(page).content.decode()
    assert browser.post(join).headers["Location"] == f"/learn/live/{session.pk}/"
    assert ROOM not in browser.get(f"/learn/live/{session.pk}/session.ics").content.decode()
    clock.set(session.starts_at - timedelta(minutes=10))
    assert "Join now" in browser.get(page).content.decode()
    assert ROOM not in browser.get(page).content.decode()
    assert browser.post(join).headers["Location"] == ROOM
    browser.post(join)
    assert Attendance.objects.get(enrolment=seat).counts
    clock.set(session.ends_at + timedelta(minutes=1))
    assert browser.post(join).headers["Location"] != ROOM


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["visitor", "teacher2", "revoked", "seller"])
def test_strangers_find_no_session_no_way_in_and_no_recording(
    cohort: Any, session: LiveSession, teacher2: Any, visitor: Any, client_of: Any, clock: Any, who: str
) -> None:
    people = {"visitor": visitor, "teacher2": teacher2, "revoked": make_user(), "seller": make_user()}
    enrol(people["revoked"], cohort, source="order:1")
    revoke_seat(source="order:1")
    add_to_team(course=cohort.course, user=people["seller"], role="seller")
    clock.set(session.starts_at)
    browser, base = client_of(people[who]), f"/learn/live/{session.pk}/"
    for path in (base, f"{base}recording/", f"{base}session.ics"):
        assert browser.get(path).status_code == 404
        assert Client().get(path).status_code == 302
    assert browser.post(f"{base}join/").status_code == 404
    assert browser.post(f"/teach/classes/spring/live/{session.pk}/", {"cancel": "yes"}).status_code == 404
    session.refresh_from_db()
    assert session.cancelled_at is None


@pytest.mark.django_db
def test_the_host_runs_sessions_and_marks_who_was_there(cohort: Any, session: LiveSession, student: Any, client_of: Any) -> None:
    host = make_user()
    add_to_team(course=cohort.course, user=host, role="host")
    here, away = enrol(student, cohort), enrol(make_user(), cohort)
    stranger = enrol(make_user(), make_cohort())
    browser, path = client_of(host), f"/teach/classes/spring/live/{session.pk}/"
    assert browser.get(path).status_code == 200
    browser.post(path, {"attendance": "yes", "present": [here.pk, stranger.pk, "nonsense"]})
    assert {row.enrolment_id: row.counts for row in Attendance.objects.all()} == {here.pk: True, away.pk: False}
    browser.post(path, {"attendance": "yes"})
    assert not Attendance.objects.get(enrolment=here).counts


@pytest.mark.django_db
def test_the_recording_opens_to_the_class_for_a_quarter_of_an_hour(
    cohort: Any, session: LiveSession, student: Any, teacher: Any, client_of: Any, settings: Any
) -> None:
    enrol(student, cohort)
    sound = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 64
    item = add_media(course=cohort.course, title="Session 1", file=SimpleUploadedFile("one.wav", sound))
    session.recording = item
    session.save()
    answer = client_of(student).get(f"/learn/live/{session.pk}/recording/")
    assert answer.status_code == 302
    assert item.key in answer.headers["Location"]
    assert "X-Amz-Expires=900" in answer.headers["Location"]


@pytest.mark.django_db
def test_a_private_calendar_address_is_made_reset_and_switched_off(
    cohort: Any, session: LiveSession, student: Any, client_of: Any
) -> None:
    enrol(student, cohort)
    browser = client_of(student)
    browser.post("/learn/calendar/", {"make": "yes"})
    first = CalendarFeed.objects.get(user=student).token
    assert len(first) >= 40
    assert f"/calendar/{first}.ics" in browser.get("/learn/calendar/").content.decode()
    answer = Client().get(f"/calendar/{first}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert f"UID:live-{session.pk}@" in answer.content.decode()
    assert ROOM not in answer.content.decode()
    browser.post("/learn/calendar/", {"make": "yes"})
    second = CalendarFeed.objects.get(user=student).token
    assert Client().get(f"/calendar/{first}.ics").status_code == 404
    assert Client().get(f"/calendar/{second}.ics").status_code == 200
    browser.post("/learn/calendar/", {"close": "yes"})
    assert Client().get(f"/calendar/{second}.ics").status_code == 404
    assert Client().get("/calendar/x.ics").status_code == 404


@pytest.mark.django_db
def test_a_feed_holds_the_sessions_of_live_seats_alone(cohort: Any, session: LiveSession, student: Any) -> None:
    enrol(student, cohort, source="order:1")
    token = make_feed(user=student).token
    other = make_cohort(course=make_course(lessons=1))
    foreign = announce_session(
        cohort=other, title="Foreign", starts_at=session.starts_at, minutes=60, join_url="", actor=None, told=False
    )
    text = Client().get(f"/calendar/{token}.ics").content.decode()
    assert f"UID:live-{session.pk}@" in text
    assert f"UID:live-{foreign.pk}@" not in text
    revoke_seat(source="order:1")
    assert "BEGIN:VEVENT" not in Client().get(f"/calendar/{token}.ics").content.decode()


@pytest.mark.django_db
def test_sessions_stand_in_my_learning_and_cost_no_more_with_many(
    cohort: Any, session: LiveSession, student: Any, client_of: Any
) -> None:
    enrol(student, cohort)
    browser = client_of(student)
    assert "First chords" in browser.get("/en/learn/").content.decode()
    token = make_feed(user=student).token
    paths = ["/learn/", "/learn/calendar/", f"/calendar/{token}.ics", f"/learn/live/{session.pk}/"]
    few = [queries(browser, path) for path in paths]
    rows = [
        LiveSession(cohort=cohort, title=f"More {n}", starts_at=session.starts_at + timedelta(days=n), changed_at=now())
        for n in range(1, 200)
    ]
    LiveSession.objects.bulk_create(rows)
    assert [queries(browser, path) for path in paths] == few
    assert max(few) <= 12


@pytest.mark.django_db
def test_attendance_is_exported_and_the_calendar_address_goes_with_the_account(
    cohort: Any, session: LiveSession, student: Any
) -> None:
    seat = enrol(student, cohort)
    Attendance.objects.create(session=session, enrolment=seat, joined_at=now())
    make_feed(user=student)
    assert everything_of(student)["courses"]["live_sessions"][0]["session__title"] == "First chords"
    erase_everything(student)
    assert not CalendarFeed.objects.exists()

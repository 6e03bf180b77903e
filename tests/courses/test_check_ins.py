"""打卡: with a picture or a sound, made up for by cards, on the wall of the class."""

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from PIL import Image

from accounts.flows import erase_account
from courses.flows import NoCardLeft, NotMissed, add_rest_days, check_in, make_up, revoke_seat
from courses.models import CheckIn, CheckInReport, Cohort, Enrolment
from courses.reads.learn import my_courses
from kit.clock import local_date, now
from kit.models import AuditEntry, OutboxMessage
from kit.storage import client as s3
from notices.models import Notice
from tests.courses_growth import queries
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
# The package exports the flow of the same name.
check_in_flows = importlib.import_module("courses.flows.check_in")
DAY = timedelta(days=1)


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=3)))
    return seat


def picture() -> bytes:
    out, image = BytesIO(), Image.new("RGB", (30, 20), "red")
    exif = image.getexif()
    exif[0x010E] = "Taken at home"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def post(seat: Enrolment, client_of: Any, body: bytes | None = None, **sent: Any) -> Any:
    file = {} if body is None else {"file": SimpleUploadedFile("x.mp3", body)}
    return client_of(seat.user).post(f"/learn/{seat.cohort.slug}/check-in/", {"note": "C, slowly", **sent, **file})


def wall(seat: Enrolment, person: Any, client_of: Any) -> str:
    return str(client_of(person).get(f"/en/learn/{seat.cohort.slug}/wall/").content.decode())


def test_a_picture_goes_to_the_private_bucket_without_what_the_camera_wrote(seat: Enrolment, client_of: Any) -> None:
    assert post(seat, client_of, picture()).status_code == 302
    row = CheckIn.objects.get()
    assert (row.content_type, row.key.startswith("check-in/")) == ("image/jpeg", True)
    stored = s3().get_object(Bucket=settings.S3_PRIVATE_BUCKET, Key=row.key)["Body"].read()
    assert b"Taken at home" not in stored


@pytest.mark.parametrize("body", [b"%PDF-1.4 words", b"<script>alert(1)</script>", b"MZ\x00\x00"])
def test_what_is_neither_seen_nor_heard_is_refused_and_nothing_is_written(seat: Enrolment, client_of: Any, body: bytes) -> None:
    assert post(seat, client_of, body).status_code == 400
    assert not CheckIn.objects.exists()


def test_too_large_a_file_is_refused(seat: Enrolment, client_of: Any, settings: Any) -> None:
    settings.CHECK_IN_MAX_BYTES = 10
    assert post(seat, client_of, picture()).status_code == 413


def test_a_second_time_adds_only_what_was_missing(seat: Enrolment, client_of: Any) -> None:
    post(seat, client_of)
    post(seat, client_of, picture(), note="Other words")
    key = CheckIn.objects.get().key
    post(seat, client_of, picture())
    row = CheckIn.objects.get()
    assert (row.note, row.key, bool(key)) == ("C, slowly", key, True)


def test_it_leads_back_only_within_the_yard(seat: Enrolment, client_of: Any) -> None:
    for back in ("//evil.test/", "https://evil.test/", "/\\evil.test"):
        assert "evil" not in post(seat, client_of, back=back).headers["Location"]
    assert post(seat, client_of, back="/courses/").headers["Location"] == "/courses/"


def test_the_wall_is_the_classs_alone(seat: Enrolment, client_of: Any, teacher: Any, teacher2: Any) -> None:
    post(seat, client_of, picture())
    classmate, other = make_user(), make_user()
    enrol(classmate, seat.cohort)
    enrol(other, make_cohort(course=seat.cohort.course))
    file = f"/learn/check-ins/{CheckIn.objects.get().pk}/file/"
    for person in (seat.user, classmate, teacher):
        assert "C, slowly" in wall(seat, person, client_of)
        assert client_of(person).get(file).status_code == 302
    for person in (other, teacher2, make_user()):
        for path in (file, f"/learn/{seat.cohort.slug}/wall/"):
            assert client_of(person).get(path).status_code == 404
    for path in (file, f"/learn/{seat.cohort.slug}/wall/"):
        assert Client().get(path).headers["Location"].startswith("/accounts/login/")
    revoke_seat(source=seat.source)
    assert client_of(seat.user).get(file).status_code == 404


def test_what_one_hides_is_seen_by_nobody_else_until_shown_again(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    post(seat, client_of, picture(), hidden="1")
    classmate, row = make_user(), CheckIn.objects.get()
    enrol(classmate, seat.cohort)
    path = f"/learn/check-ins/{row.pk}/"
    assert "C, slowly" in wall(seat, seat.user, client_of)
    for person in (classmate, teacher):
        assert "C, slowly" not in wall(seat, person, client_of)
        assert client_of(person).get(path + "file/").status_code == 404
        assert client_of(person).post(path, {"hidden": "0"}).status_code == 404
    client_of(seat.user).post(path, {"hidden": "0"})
    assert "C, slowly" in wall(seat, classmate, client_of)
    assert client_of(classmate).post(path, {"hidden": "1"}).status_code == 404
    assert client_of(classmate).post(path, {"remove": "1"}).status_code == 404


def test_the_team_takes_one_off_the_wall_for_the_record(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    post(seat, client_of)
    path = f"/learn/check-ins/{CheckIn.objects.get().pk}/"
    assert client_of(teacher).post(path, {"remove": "1"}).status_code == 302
    assert "C, slowly" not in wall(seat, seat.user, client_of)
    assert client_of(seat.user).post(path, {"hidden": "0"}).status_code == 404
    assert AuditEntry.objects.filter(action="check_in.remove", actor_id=teacher.pk).count() == 1
    assert my_courses(seat.user)[0].streak == 1


def test_the_wall_is_paged_newest_first_with_the_same_queries(seat: Enrolment, client_of: Any) -> None:
    check_in(enrolment=seat, note="note 0")
    path = f"/en/learn/{seat.cohort.slug}/wall/"
    few = queries(client_of(seat.user), path)
    for number in range(1, 70):
        check_in(enrolment=enrol(make_user(), seat.cohort), note=f"note {number}")
    assert queries(client_of(seat.user), path) == few
    seen: list[str] = []
    page = path
    while page:
        html = client_of(seat.user).get(page).content.decode()
        seen += [part.split("<")[0] for part in html.split("<p>note ")[1:]]
        page = path + html.split('href="?before=')[1].split('"')[0].join(["?before=", ""]) if "?before=" in html else ""
    assert seen == [str(number) for number in reversed(range(70))]


def miss(seat: Enrolment, clock: Any, days: int) -> list[Any]:
    """Check in today and let days go by; returns the missed ones."""
    check_in(enrolment=seat)
    today = local_date(now(), seat.user.time_zone)
    clock.advance(days=days + 1)
    return [today + n * DAY for n in range(1, days + 1)]


def test_a_card_mends_the_streak_without_showing_on_the_wall(seat: Enrolment, client_of: Any, clock: Any) -> None:
    (day,) = miss(seat, clock, 1)
    check_in(enrolment=seat)
    assert my_courses(seat.user)[0].streak == 1
    assert f'value="{day}"' in client_of(seat.user).get("/learn/").content.decode()
    assert client_of(seat.user).post(f"/learn/{seat.cohort.slug}/make-up/", {"day": str(day)}).status_code == 302
    item = my_courses(seat.user)[0]
    assert (item.streak, item.cards, item.missed) == (3, 2, [])
    assert wall(seat, seat.user, client_of).count('<article class="post') == 2


def test_cards_are_for_missed_days_only(seat: Enrolment, clock: Any, client_of: Any, teacher: Any) -> None:
    today = local_date(now(), seat.user.time_zone)
    add_rest_days(cohort=seat.cohort, first=today + 2 * DAY, last=today + 2 * DAY, name="", actor=teacher)
    miss(seat, clock, 3)
    now_day = today + 4 * DAY
    for day in (today, today - DAY, today + 2 * DAY, now_day, now_day + DAY):
        with pytest.raises(NotMissed):
            make_up(enrolment=seat, day=day)
    make_up(enrolment=seat, day=today + DAY)
    with pytest.raises(NotMissed):
        make_up(enrolment=seat, day=today + DAY)
    path = f"/learn/{seat.cohort.slug}/make-up/"
    assert client_of(seat.user).post(path, {"day": "soon"}).status_code == 404
    assert client_of(make_user()).post(path, {"day": str(today + 3 * DAY)}).status_code == 404


def test_a_class_has_as_many_cards_as_it_says(seat: Enrolment, clock: Any) -> None:
    Cohort.objects.update(make_up_cards=2)
    first, second, third = miss(seat, clock, 3)
    make_up(enrolment=seat, day=first)
    make_up(enrolment=seat, day=second)
    with pytest.raises(NoCardLeft):
        make_up(enrolment=seat, day=third)


@pytest.mark.django_db(transaction=True)
def test_the_last_card_is_spent_once_by_many_tabs(student: Any, clock: Any) -> None:
    make_user(email="teacher@demo.test")
    seat = enrol(student, make_cohort(course=make_course(lessons=1)))
    Cohort.objects.update(make_up_cards=1)
    days = miss(seat, clock, 6)

    def spend(day: Any) -> bool:
        try:
            make_up(enrolment=Enrolment.objects.get(pk=seat.pk), day=day)
        except NoCardLeft:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(spend, days)) == 1
    assert CheckIn.objects.filter(by_card=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_seats_lock_a_card_is_spent_more_than_once(
    student: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All tabs count the cards before any has written: what the lock prevents."""
    make_user(email="teacher@demo.test")
    seat = enrol(student, make_cohort(course=make_course(lessons=1)))
    Cohort.objects.update(make_up_cards=1)
    days, together = miss(seat, clock, 6), threading.Barrier(6)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_kwargs: rows.all())
    counts = check_in_flows.is_missed
    monkeypatch.setattr(check_in_flows, "is_missed", lambda seat, day: counts(seat, day) and together.wait(20) >= 0)

    def spend(day: Any) -> None:
        try:
            make_up(enrolment=Enrolment.objects.get(pk=seat.pk), day=day)
        except NoCardLeft:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(spend, days))
    assert CheckIn.objects.filter(by_card=True).count() > 1


def test_the_teacher_sets_the_number_of_cards(seat: Enrolment, client_of: Any, teacher2: Any) -> None:
    cohort = seat.cohort
    path = f"/teach/classes/{cohort.slug}/rest/"
    browser = client_of(cohort.course.teacher)
    assert browser.post(path, {"cards": "7"}).status_code == 302
    cohort.refresh_from_db()
    assert cohort.make_up_cards == 7
    for wrong in ("-1", "366", "x", ""):
        browser.post(path, {"cards": wrong})
    assert client_of(teacher2).post(path, {"cards": "1"}).status_code == 404
    cohort.refresh_from_db()
    assert cohort.make_up_cards == 7
    assert AuditEntry.objects.filter(action="cohort.make_up_cards").count() == 1


def test_a_classmate_reports_a_check_in_to_the_team_once(seat: Enrolment, client_of: Any) -> None:
    row = check_in(enrolment=seat, note="Buy my <b>pills</b>")
    other = make_user()
    enrol(other, seat.cohort)
    browser, path = client_of(other), f"/learn/check-ins/{row.pk}/report/"
    assert path in browser.get(f"/learn/{seat.cohort.slug}/wall/").content.decode()
    assert browser.post(path, {"reason": ""}).status_code == 422
    for _twice in range(2):
        assert browser.post(path, {"reason": "Advertising"}).status_code == 302
    teacher = seat.cohort.course.teacher
    assert Notice.objects.filter(user=teacher, kind="course.report").count() == 1
    assert CheckInReport.objects.count() == 1
    page = client_of(teacher).get(f"/en/learn/{seat.cohort.slug}/wall/").content.decode()
    assert "Reported" in page
    assert "Reported" not in browser.get(f"/en/learn/{seat.cohort.slug}/wall/").content.decode()
    row.refresh_from_db()
    assert row.removed_at is None, "the team decides"


def test_nobody_reports_the_own_or_a_strangers(seat: Enrolment, client_of: Any) -> None:
    row = check_in(enrolment=seat, note="Mine")
    for user in (seat.user, make_user()):
        assert client_of(user).post(f"/learn/check-ins/{row.pk}/report/", {"reason": "x"}).status_code == 404
    assert Client().post(f"/learn/check-ins/{row.pk}/report/", {"reason": "x"}).status_code == 302
    assert not CheckInReport.objects.exists()


def test_erasing_takes_words_and_picture(seat: Enrolment, client_of: Any) -> None:
    post(seat, client_of, picture())
    key = CheckIn.objects.get().key
    erase_account(user=seat.user)
    row = CheckIn.objects.get()
    assert (row.note, row.key) == ("", "")
    assert OutboxMessage.objects.filter(topic="homework.erased", key=key).exists()

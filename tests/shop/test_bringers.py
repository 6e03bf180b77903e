"""/teach/referrers/: who brings students that finish, and a word of thanks."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.flows import complete_lesson, revoke_seat
from courses.flows.team import add_to_team
from courses.models import Enrolment, Lesson
from notices.models import Notice
from shop.referrals import flows
from shop.referrals.bringers import bringers
from shop.referrals.models import Attribution
from tests.factories import make_cohort, make_course, make_offer, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAGE = "/en/teach/referrers/"


@pytest.fixture
def bundle(teacher: Any) -> Any:
    course = make_course(teacher=teacher, lessons=2)
    return make_offer(cohort=make_cohort(course=course, days=300))


@pytest.fixture
def bought(till: Any, bundle: Any, visitor_of_referrer: Any) -> Any:
    """bought(): another student by the referrer's link, with a seat."""

    def buy() -> Enrolment:
        user = make_user()
        till.bought(bundle, user=user, visitor=visitor_of_referrer)
        return Enrolment.objects.get(user=user)

    return buy


def _finish(seat: Enrolment) -> None:
    for lesson in Lesson.objects.filter(course=seat.cohort.course):
        complete_lesson(enrolment=seat, lesson=lesson)


def test_brought_still_here_and_finished_are_counted(bought: Any, teacher: Any, referrer: Any, till: Any, bundle: Any) -> None:
    _finish(bought())
    gone = bought()
    bought()
    till.bought(bundle, user=make_user())
    revoke_seat(source=gone.source)
    (row,) = bringers(teacher)
    assert (row.person, row.brought, row.learning, row.finished, row.finished_percent) == (referrer, 3, 2, 1, 33)


def test_an_order_that_was_rejected_is_nobodys(bought: Any, teacher: Any, owner: Any) -> None:
    bought()
    Attribution.objects.update(state="held_self")
    flows.decide_held(attribution=Attribution.objects.get(), accept=False, actor=owner, reason="same person")
    assert bringers(teacher) == []


def test_the_page_lists_them_and_thanks_reach_them_once_a_week(
    bought: Any,
    teacher: Any,
    referrer: Any,
    client_of: Any,
    clock: Any,
) -> None:
    bought()
    browser = client_of(teacher)
    assert referrer.display_name in browser.get(PAGE).content.decode()
    assert "Who brings students" in browser.get("/en/teach/").content.decode()
    thank = f"{PAGE}{referrer.pk}/thank/"
    assert browser.get(thank).status_code == 200
    for _twice in range(2):
        assert browser.post(thank, {"text": "You send <b>kind</b> people"}).status_code == 302
    notice = Notice.objects.get(user=referrer, kind="thanks")
    assert (notice.params["name"], notice.params["text"]) == (teacher.display_name, "You send <b>kind</b> people")
    page = client_of(referrer).get("/en/notices/").content.decode()
    assert "&lt;b&gt;kind" in page
    clock.advance(days=7)
    browser.post(thank, {"text": ""})
    assert Notice.objects.filter(user=referrer, kind="thanks").count() == 2
    assert browser.post(thank, {"text": "x" * 301}).status_code == 422


def test_nobody_is_thanked_who_brought_nobody(bought: Any, teacher: Any, student: Any, client_of: Any) -> None:
    bought()
    assert client_of(teacher).post(f"{PAGE}{student.pk}/thank/").status_code == 404
    assert not Notice.objects.filter(kind="thanks").exists()


def test_others_see_none_of_it(
    bought: Any,
    teacher: Any,
    teacher2: Any,
    student: Any,
    referrer: Any,
    client_of: Any,
) -> None:
    seat = bought()
    assert bringers(teacher2) == []
    assert client_of(teacher2).get(f"{PAGE}{referrer.pk}/thank/").status_code == 404
    assert client_of(student).get(PAGE).status_code == 404
    helper = make_user()
    add_to_team(course=seat.cohort.course, user=helper, role="assistant")
    assert bringers(helper) == [], "an assistant writes to nobody"
    add_to_team(course=seat.cohort.course, user=helper, role="teacher")
    assert [row.person for row in bringers(helper)] == [referrer]


def test_the_page_asks_the_same_for_one_student_and_for_many(bought: Any, teacher: Any, client_of: Any) -> None:
    browser, counts = client_of(teacher), []
    browser.get(PAGE)
    for more in (1, 6):
        for _one in range(more):
            bought()
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]

"""A topic tied to a lesson, a topic with an offer in it: bought in place, and who may put it there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community import flows, reads
from community.models import Topic
from tests.factories import enrol, make_cohort, make_course, make_offer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db: None, teacher: User) -> Any:
    return make_cohort(course=make_course(teacher=teacher, lessons=2))


@pytest.fixture
def student(cohort: Any) -> User:
    user = make_user()
    enrol(user, cohort)
    return user


def address(user: User) -> str:
    return f"/community/{user.memberships.get().space.slug}/"


def test_a_seat_brings_a_place_in_the_space_of_the_class_and_the_teacher_runs_it(
    cohort: Any, student: User, teacher: User
) -> None:
    assert student.memberships.get().space.about == f"cohort:{cohort.pk}"
    assert student.memberships.get().role == "member"
    assert teacher.memberships.get().role == "owner"


def test_a_question_under_a_lesson_names_it_and_is_found_by_it(
    cohort: Any, student: User, client_of: Callable[[User], Client]
) -> None:
    lesson = cohort.course.lessons.first()
    browser = client_of(student)
    form = browser.get(f"{address(student)}new/?about=lesson:{lesson.pk}&kind=question").content.decode()
    assert lesson.title in form
    browser.post(
        address(student) + "new/",
        {"kind": "question", "title": "Why?", "source": "s", "key": "k", "about": f"lesson:{lesson.pk}"},
    )
    topic = Topic.objects.get()
    assert topic.about == f"lesson:{lesson.pk}"
    assert lesson.title in browser.get(topic.path).content.decode()
    assert [found.pk for found in reads.topics_about(f"lesson:{lesson.pk}", student)] == [topic.pk]
    assert reads.topics_about(f"lesson:{lesson.pk}", make_user()) == []


def test_the_teachers_reply_stands_under_the_lesson_until_another_answer_is_accepted(
    cohort: Any, student: User, teacher: User, client_of: Callable[[User], Client]
) -> None:
    lesson, space = cohort.course.lessons.first(), student.memberships.get().space
    about = {"about": f"lesson:{lesson.pk}", "kind": "question"}
    topic = flows.open_topic(author=student, space=space, title="Why?", source="Why so?", key="q", **about)
    fellow = make_user()
    enrol(fellow, cohort)
    page = f"/en/courses/{cohort.course.slug}/{lesson.slug}/"
    chatter = flows.reply(author=fellow, topic=topic, source="No idea either", key="f")
    assert "No idea either" not in client_of(student).get(page).content.decode()
    flows.reply(author=teacher, topic=topic, source="Because of the nylon", key="t")
    shown = client_of(student).get(page).content.decode()
    assert ("Because of the nylon" in shown, "Reply by the team" in shown) == (True, True)
    flows.accept_answer(by=student, topic=topic, no=chatter.no)
    shown = client_of(student).get(page).content.decode()
    assert ("No idea either" in shown, "Because of the nylon" in shown) == (True, False)


@pytest.mark.parametrize("about", ["lesson:999999", "order:1", "x", "lesson:", "<script>"])
def test_a_topic_is_tied_to_nothing_that_the_person_may_not_see(
    student: User, client_of: Callable[[User], Client], about: str
) -> None:
    client_of(student).post(
        address(student) + "new/", {"kind": "question", "title": "t", "source": "s", "key": "k", "about": about}
    )
    assert Topic.objects.get().about == ""


def test_the_teacher_places_an_own_offer_which_is_bought_from_the_topic(
    cohort: Any, student: User, teacher: User, client_of: Callable[[User], Client]
) -> None:
    mine, other = make_offer(seller=teacher, title="Strings"), make_offer(title="Not hers")
    form = client_of(teacher).get(address(student) + "new/").content.decode()
    assert "Strings" in form
    assert "Not hers" not in form
    assert "Strings" not in client_of(student).get(address(student) + "new/").content.decode()
    values = {"kind": "deal", "title": "New strings", "source": "s", "key": "k"}
    assert client_of(teacher).post(address(student) + "new/", {**values, "offer": f"offer:{other.pk}"}).status_code == 400
    client_of(teacher).post(address(student) + "new/", {**values, "offer": f"offer:{mine.pk}"})
    topic = Topic.objects.get()
    page = client_of(student).get(topic.path).content.decode()
    assert "Strings" in page
    assert f'name="place" value="topic:{topic.pk}"' in page


def test_a_space_that_forbids_offers_has_no_field_for_them(
    cohort: Any, student: User, teacher: User, client_of: Callable[[User], Client]
) -> None:
    make_offer(seller=teacher, title="Strings")
    space = student.memberships.get().space
    space.offers_allowed = False
    space.save()
    assert "Strings" not in client_of(teacher).get(address(student) + "new/").content.decode()


def test_a_topic_with_lesson_offer_and_answer_keeps_its_number_of_queries(
    cohort: Any,
    student: User,
    teacher: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    offer, lesson = make_offer(seller=teacher), cohort.course.lessons.first()
    space = student.memberships.get().space
    topic = flows.open_topic(
        author=teacher,
        space=space,
        kind="question",
        title="t",
        source="s",
        key="k",
        about=f"lesson:{lesson.pk}",
        offer=f"offer:{offer.pk}",
    )
    flows.reply(author=student, topic=topic, source="s", key="k2")
    flows.accept_answer(by=teacher, topic=topic, no=2)
    browser = client_of(student)
    with django_assert_max_num_queries(14):
        assert browser.get(topic.path).status_code == 200

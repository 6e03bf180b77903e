"""A teacher's page: story, film, courses, and who follows; followers hear of a new course once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.flows import erase_account
from accounts.models import Profile
from community.flows import follow, unfollow
from community.models import Follow
from courses.flows import create_course, publish_course
from kit import outbox
from kit.clock import now
from notices.models import Notice
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db
FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.fixture
def profile(teacher: Any) -> Profile:
    row, _made = Profile.objects.update_or_create(
        user=teacher,
        defaults={"handle": "lin", "is_public": True, "bio": "Twenty years of strings.\n\nFour of them a day.", "film": FILM},
    )
    return row


def test_the_page_shows_story_film_and_courses_to_everybody(profile: Profile, teacher: Any) -> None:
    make_course(teacher=teacher, title="Ukulele for all")
    page = Client().get("/en/people/lin/").content.decode()
    for part in (
        "Twenty years of strings.",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "Ukulele for all",
        "?next=/en/people/lin/",
    ):
        assert part in page, part
    assert "<iframe" not in page


def test_following_and_no_more_are_a_press_each(profile: Profile, student: Any, client_of: Any) -> None:
    browser = client_of(student)
    page = browser.post("/en/people/lin/follow/", {"follow": "yes"}, follow=True).content.decode()
    assert "Following" in page
    assert "1 follower" in page
    browser.post("/en/people/lin/follow/", {"follow": "yes"})
    assert Follow.objects.get().person == profile.user
    page = browser.post("/en/people/lin/follow/", {"follow": "no"}, follow=True).content.decode()
    assert "follower" not in page
    assert not Follow.objects.exists()


def test_nobody_follows_themselves_a_closed_page_or_signed_out(
    profile: Profile, teacher: Any, student: Any, client_of: Any
) -> None:
    client_of(teacher).post("/en/people/lin/follow/", {"follow": "yes"})
    assert Client().post("/en/people/lin/follow/", {"follow": "yes"})["Location"].startswith("/en/accounts/login/")
    Profile.objects.filter(pk=profile.pk).update(is_public=False)
    assert client_of(student).post("/en/people/lin/follow/", {"follow": "yes"}).status_code == 404
    assert client_of(student).get("/en/people/lin/follow/").status_code == 405
    assert not Follow.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.create(user=teacher, person=teacher, since=now())


def test_followers_hear_once_that_a_course_is_new(profile: Profile, teacher: Any, student: Any, client_of: Any) -> None:
    left = make_user()
    for person in (student, left):
        follow(user=person, person=teacher)
    unfollow(user=left, person=teacher)
    course = create_course(teacher=teacher, slug="next", title="Fingerstyle")
    for _again in range(2):
        publish_course(course=course, actor=teacher)
        for message in outbox.due_message_ids():
            outbox.deliver(message_id=message)
    notice = Notice.objects.get(kind="follow")
    assert notice.user == student
    assert "New course: Fingerstyle" in client_of(student).get("/en/notices/").content.decode()
    assert notice.url == "/courses/next/"


def test_a_film_of_an_unknown_site_is_asked_again(profile: Profile, teacher: Any, client_of: Any) -> None:
    browser = client_of(teacher)
    form = {"name": "Lin", "language": "en", "time_zone": "Asia/Taipei", "handle": "lin", "bio": "x", "is_public": "on"}
    assert "no film or recording" in browser.post("/en/account/", {**form, "film": "https://evil.example/v"}).content.decode()
    browser.post("/en/account/", {**form, "film": "https://vimeo.com/76979871"})
    profile.refresh_from_db()
    assert profile.film == "https://vimeo.com/76979871"


def test_who_leaves_follows_nobody_and_is_followed_by_nobody(profile: Profile, teacher: Any) -> None:
    first, second = make_user(), make_user()
    follow(user=first, person=teacher)
    follow(user=second, person=first)
    erase_account(user=first)
    assert not Follow.objects.exists()

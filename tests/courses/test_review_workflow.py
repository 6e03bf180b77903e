"""Who writes submits, who answers for the course approves; drafts wait for their day; revisions are compared."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from courses.flows import add_to_team, ensure_owner_rights
from courses.models import LessonPage
from kit.clock import now
from pages.tasks import publish_scheduled_pages
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(teacher: Any) -> LessonPage:
    return LessonPage.objects.get(lesson__course=make_course(teacher=teacher, lessons=1), lesson__slug="day-1")


@pytest.fixture
def author(page: LessonPage, teacher: Any) -> Any:
    person = make_user(name="Author")
    add_to_team(course=page.lesson.course, user=person, role="author", actor=teacher)
    return person


def write(browser: Client, page: LessonPage, words: str, **more: str) -> Any:
    """Fill the editor's form and press a button."""
    body = streamfield([("text", rich_text(f"<p>{words}</p>"))])
    values = {"title": page.title, "slug": page.slug, "goal": page.goal, "body": body, "comments": {}, **more}
    data = nested_form_data(values)
    data |= {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)


def act(browser: Client, page: LessonPage, action: str) -> Any:
    task = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, task.pk])
    return browser.post(address, {"comment": ""})


def live_words(page: LessonPage) -> str:
    return str(LessonPage.objects.get(pk=page.pk).body)


def test_an_author_submits_and_only_who_may_publish_here_approves(
    page: LessonPage, author: Any, teacher: Any, teacher2: Any, client_of: Any
) -> None:
    other = make_user(name="Second author")
    add_to_team(course=page.lesson.course, user=other, role="author", actor=teacher)
    assert write(client_of(author), page, "Brand new words", **{"action-submit": "yes"}).status_code == 200
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_IN_PROGRESS
    assert "Brand new words" not in live_words(page)
    for browser in (client_of(author), client_of(other), client_of(teacher2), Client()):
        act(browser, page, "approve")
        assert "Brand new words" not in live_words(page)
    assert page.title in client_of(teacher).get("/en/admin/").content.decode()
    act(client_of(teacher), page, "approve")
    assert "Brand new words" in live_words(page)
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED


def test_an_author_publishes_nothing_past_the_review(page: LessonPage, author: Any, client_of: Any) -> None:
    write(client_of(author), page, "Past the review", **{"action-publish": "yes"})
    assert "Past the review" not in live_words(page)


def test_what_is_sent_back_stays_a_draft_and_can_be_submitted_again(
    page: LessonPage, author: Any, teacher: Any, client_of: Any
) -> None:
    write(client_of(author), page, "First try", **{"action-submit": "yes"})
    act(client_of(teacher), page, "reject")
    assert "First try" not in live_words(page)
    write(client_of(author), page, "Second try", **{"action-restart-workflow": "yes"})
    act(client_of(teacher), page, "approve")
    assert "Second try" in live_words(page)


def test_the_owner_approves_too(page: LessonPage, author: Any, owner: Any, client_of: Any) -> None:
    write(client_of(author), page, "For the owner", **{"action-submit": "yes"})
    ensure_owner_rights()
    act(client_of(owner), page, "approve")
    assert "For the owner" in live_words(page)


def test_two_revisions_are_compared_by_who_may_edit_and_by_nobody_else(
    page: LessonPage, author: Any, teacher2: Any, client_of: Any
) -> None:
    browser = client_of(author)
    write(browser, page, "Old words")
    write(browser, page, "New words")
    first, second = page.revisions.order_by("-pk")[1], page.revisions.order_by("-pk")[0]
    address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    shown = browser.get(address).content.decode()
    assert re.search(r"deletion[^<]*>[^<]*Old", shown)
    assert re.search(r"addition[^<]*>[^<]*New", shown)
    assert "Old" not in client_of(teacher2).get(address).content.decode()


def test_a_draft_with_a_day_is_published_on_it(page: LessonPage, teacher: Any, client_of: Any) -> None:
    day = (now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    write(client_of(teacher), page, "On its day", **{"action-publish": "yes", "go_live_at": day})
    publish_scheduled_pages()
    assert "On its day" not in live_words(page)
    # Wagtail asks the machine's clock.
    due = page.revisions.get(approved_go_live_at__gt=now())
    due.approved_go_live_at = now() - timedelta(minutes=1)
    due.content["go_live_at"] = due.approved_go_live_at.isoformat()
    due.save()
    publish_scheduled_pages()
    assert "On its day" in live_words(page)

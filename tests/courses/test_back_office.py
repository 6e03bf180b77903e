"""Wagtail's admin: an instructor sees only their own courses, in choosers, reports and searches too."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.models import Collection

from courses.models import CoursePage, LessonPage, Media
from kit.clock import now
from kit.models import Picture
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db
MINE, HIDDEN = "Plainly mine", "Zephyr"


@pytest.fixture
def theirs(teacher: Any, mine: Any) -> Any:
    """The first teacher's course, with a title, a draft title, a file and a picture that nobody else may see."""
    course = make_course(teacher=teacher, title=f"{HIDDEN} course", lessons=2, publish=False, indexed=True)
    page = LessonPage.objects.get(lesson__course=course, lesson__slug="day-2")
    page.title = page.draft_title = f"{HIDDEN} lesson"
    page.save_revision(user=teacher)
    page.save()
    cover = BytesIO()
    Image.new("RGB", (40, 30)).save(cover, "JPEG")
    course.picture = Picture.objects.create(
        title=f"{HIDDEN} picture",
        file=ContentFile(cover.getvalue(), "x.jpg"),
        collection=Collection.objects.get(name=f"course:{course.slug}"),
    )
    course.file = Media.objects.create(
        course=course,
        kind="audio",
        title=f"{HIDDEN} file",
        key="courses/x/1.mp3",
        content_type="audio/mpeg",
        size=1,
        created_at=now(),
    )
    return course


@pytest.fixture
def mine(teacher2: Any) -> Any:
    return make_course(teacher=teacher2, title=MINE, lessons=1, publish=False, indexed=True)


def pages_of_admin(theirs: Any, mine: Any) -> list[str]:
    lesson = LessonPage.objects.get(lesson__course=theirs, lesson__slug="day-2")
    home = CoursePage.objects.get(course=theirs)
    own = CoursePage.objects.get(course=mine)
    catalogue, root = home.get_parent(), home.get_root()
    pk = theirs.file.pk
    return [
        "/admin/pages/",
        f"/admin/pages/{root.pk}/",
        f"/admin/pages/{catalogue.pk}/",
        f"/admin/pages/{catalogue.pk}/results/",
        f"/admin/pages/{home.pk}/",
        f"/admin/pages/{home.pk}/edit/",
        f"/admin/pages/{lesson.pk}/edit/",
        f"/admin/pages/{lesson.pk}/history/",
        f"/admin/pages/{lesson.pk}/usage/",
        f"/admin/pages/{lesson.pk}/delete/",
        f"/admin/pages/{lesson.pk}/unpublish/",
        f"/admin/pages/{lesson.pk}/move/",
        f"/admin/pages/{lesson.pk}/move/{own.pk}/confirm/",
        f"/admin/pages/{lesson.pk}/copy/",
        f"/admin/pages/{lesson.pk}/view_draft/",
        f"/admin/pages/{lesson.pk}/revisions/{lesson.latest_revision_id}/view/",
        f"/admin/pages/{own.pk}/move/",
        f"/admin/pages/{own.pk}/move/choose_destination/",
        f"/admin/pages/search/?q={HIDDEN}",
        f"/admin/pages/search/results/?q={HIDDEN}",
        "/admin/choose-page/",
        f"/admin/choose-page/{catalogue.pk}/",
        f"/admin/choose-page/{home.pk}/",
        f"/admin/choose-page/search/?q={HIDDEN}",
        f"/admin/choose-page/chosen-multiple/?id={lesson.pk}",
        f"/admin/choose-page/{root.pk}/search/?q={HIDDEN}",
        f"/admin/api/main/pages/{lesson.pk}/",
        "/admin/api/main/pages/",
        f"/admin/api/main/pages/?child_of={home.pk}&fields=*&for_explorer=1",
        f"/admin/api/main/pages/?search={HIDDEN}",
        f"/admin/api/main/pages/?child_of={catalogue.pk}",
        f"/admin/api/main/pages/?descendant_of={root.pk}&fields=*",
        "/admin/reports/site-history/",
        "/admin/reports/site-history/results/",
        "/admin/reports/locked/",
        "/admin/reports/aging-pages/",
        "/admin/reports/aging-pages/results/",
        "/admin/reports/page-types-usage/",
        "/admin/reports/page-types-usage/results/",
        "/admin/reports/workflow/",
        "/admin/reports/workflow_tasks/",
        "/admin/reports/site-history/?export=csv",
        "/admin/reports/page-types-usage/?export=csv",
        "/admin/reports/aging-pages/?export=csv",
        "/admin/images/",
        f"/admin/images/?q={HIDDEN}",
        "/admin/images/chooser/",
        f"/admin/images/chooser/results/?q={HIDDEN}",
        f"/admin/images/{theirs.picture.pk}/",
        f"/admin/images/chooser/{theirs.picture.pk}/",
        f"/admin/images/usage/{theirs.picture.pk}/",
        f"/admin/images/chooser/{theirs.picture.pk}/select_format/",
        f"/admin/images/chooser/chosen_multiple/?id={theirs.picture.pk}",
        f"/admin/bulk/kit/picture/delete/?id={theirs.picture.pk}",
        "/admin/snippets/",
        "/admin/snippets/courses/media/",
        f"/admin/snippets/courses/media/?q={HIDDEN}",
        f"/admin/snippets/courses/media/edit/{pk}/",
        f"/admin/snippets/courses/media/delete/{pk}/",
        f"/admin/snippets/courses/media/usage/{pk}/",
        f"/admin/snippets/courses/media/history/{pk}/",
        "/admin/snippets/choose/courses/media/",
        f"/admin/snippets/choose/courses/media/chosen/{pk}/",
        f"/admin/snippets/choose/courses/media/results/?q={HIDDEN}",
        f"/admin/snippets/choose/courses/media/chosen-multiple/?id={pk}",
        f"/admin/bulk/courses/media/delete/?id={pk}",
        f"/admin/bulk/wagtailcore/page/delete/?id={lesson.pk}",
        f"/admin/bulk/wagtailcore/page/move/?id={lesson.pk}",
        f"/admin/bulk/wagtailcore/page/publish/?id={lesson.pk}",
        "/admin/snippets/courses/media/add/",
        "/admin/documents/",
        "/admin/collections/",
        "/admin/users/",
        "/admin/workflows/list/",
        "/admin/autocomplete/",
        "/teach/",
        "/teach/homework/",
        "/teach/questions/",
        f"/teach/courses/{theirs.slug}/",
    ]


def test_no_page_of_the_admin_shows_an_instructor_anothers_unpublished_course(
    theirs: Any, mine: Any, teacher2: Any, client_of: Any
) -> None:
    browser = client_of(teacher2)
    leaks = []
    for path in pages_of_admin(theirs, mine):
        response = browser.get(path, headers={"X-Requested-With": "XMLHttpRequest"} if "choose" in path else {})
        # What one typed into the search comes back in its field: only the rest of the title gives anything away.
        text = (
            response.content.decode(errors="replace").lower() if not response.streaming else b"".join(response).decode().lower()
        )
        if any(f"{HIDDEN} {word}".lower() in text for word in ("course", "lesson", "file", "picture")):
            leaks.append((path, response.status_code))
    assert leaks == [], "\n".join(str(leak) for leak in leaks)


def test_the_first_page_counts_everybodys_pages_for_nobody_who_sees_only_their_own(
    theirs: Any, mine: Any, teacher2: Any, client_of: Any
) -> None:
    count = re.compile(r"Pages?\s*<span class=\"w-sr-only\">created in")
    everybody = make_user(is_superuser=True, is_staff=True)
    assert count.search(client_of(everybody).get("/en/admin/").content.decode())
    assert not count.search(client_of(teacher2).get("/en/admin/").content.decode())


def test_the_same_pages_show_the_teacher_their_own(theirs: Any, mine: Any, teacher: Any, client_of: Any) -> None:
    """The control: the walk above must pass pages that do show the titles to whom they belong."""
    browser = client_of(teacher)
    home = CoursePage.objects.get(course=theirs)
    for path in [
        f"/admin/pages/{home.pk}/",
        f"/admin/pages/search/?q={HIDDEN}",
        f"/admin/choose-page/search/?q={HIDDEN}",
        "/admin/reports/site-history/",
        "/admin/snippets/courses/media/",
        "/admin/snippets/choose/courses/media/",
        f"/admin/snippets/choose/courses/media/chosen/{theirs.file.pk}/",
    ]:
        response = browser.get(path, headers={"X-Requested-With": "XMLHttpRequest"} if "choose" in path else {})
        assert HIDDEN in response.content.decode(), path


def test_a_teacher_renames_a_file_and_looks_at_its_use_and_history(theirs: Any, teacher: Any, owner: Any, client_of: Any) -> None:
    browser, place = client_of(teacher), "/admin/snippets/courses/media"
    for page in ("edit", "usage", "history"):
        assert browser.get(f"{place}/{page}/{theirs.file.pk}/").status_code == 200, page
    assert client_of(owner).get(f"{place}/delete/{theirs.file.pk}/").status_code == 200
    assert browser.post(f"{place}/edit/{theirs.file.pk}/", {"title": "Renamed"}).status_code == 302
    theirs.file.refresh_from_db()
    assert theirs.file.title == "Renamed"

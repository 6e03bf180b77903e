"""What courses add to a person's pages: the announced courses that they teach (slot person.page), and their daily
reminder and, for helpers, the workspace (account.more).
"""

from typing import Any

from courses.models import TeamMember
from courses.reads.catalogue import announced_courses
from kit.pictures import picture_urls


def fill_person_page(request: Any, person: Any, profile: Any) -> tuple[str, dict[str, Any]] | None:
    """Courses of which the person is teacher or on the team; silent where there are none."""
    helps = set(TeamMember.objects.filter(user=person).values_list("course", flat=True))
    pages = [page for page in announced_courses() if page.course.teacher_id == person.pk or page.course_id in helps]
    if not pages:
        return None
    pictures = picture_urls([page.cover for page in pages])
    entries = [{"page": page, "picture": pictures.get(page.cover_id or 0, "")} for page in pages]
    return "courses/person_courses.html", {"entries": entries}


def fill_account(request: Any) -> tuple[str, dict[str, Any]]:
    """The row that leads to the daily reminder."""
    return "courses/reminder_row.html", {}


def fill_teaching(request: Any) -> tuple[str, dict[str, Any]] | None:
    """The way to their workspace for helpers, whom the menu does not know; silent for everybody else."""
    helps = TeamMember.objects.filter(user=request.user).exists()
    return ("courses/teach_row.html", {}) if helps else None


def fill_events(request: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot events.calendar: the private address that keeps one's own calendar up to date. No query."""
    return ("courses/calendar_link.html", {}) if request.user.is_authenticated else None

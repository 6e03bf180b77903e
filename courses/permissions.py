"""Who may do what in a course: THE table (role by action), and the only questions that pages ask of it.

The teacher who answers for a course and the owner of the yard may do everything. Everybody else has the actions of the
roles that they were given in that very course, and none in another's. Money of the house (ledger, payouts) and its parcels
are no matter of a course: they are the owner's and the packers', by their roles in the yard.
"""

from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import oversees
from courses.models import Cohort, Course, Enrolment, TeamMember

Role = TeamMember.Role


class Can(StrEnum):
    """What can be done in a course."""

    READ = "read lessons"
    EDIT = "edit lessons"
    PUBLISH = "publish"
    OPEN_CLASS = "open class"
    RUN_CLASS = "run class"  # rest days, pauses, transfers, the wait-list
    REVIEW = "review homework"
    ANSWER = "answer questions"
    SEE_NAMES = "see students' names"
    SEE_EMAILS = "see students' e-mail addresses"
    SEE_INCOME = "see income"
    SET_PRICE = "set price"
    RUN_LIVE = "run live sessions"
    WRITE = "write to a group"
    REVOKE = "revoke certificates"
    MANAGE_TEAM = "manage the team"


WORDS = {
    Can.READ: _("read all lessons"),
    Can.EDIT: _("write lessons and unlock rules"),
    Can.PUBLISH: _("publish"),
    Can.OPEN_CLASS: _("open classes"),
    Can.RUN_CLASS: _("rest days, pauses, transfers, wait-list"),
    Can.REVIEW: _("review homework"),
    Can.ANSWER: _("answer questions"),
    Can.SEE_NAMES: _("see students and their progress"),
    Can.SEE_EMAILS: _("see students' e-mail addresses"),
    Can.SEE_INCOME: _("see income"),
    Can.SET_PRICE: _("set the price"),
    Can.RUN_LIVE: _("run live sessions"),
    Can.WRITE: _("write to groups of students"),
    Can.REVOKE: _("withdraw certificates"),
    Can.MANAGE_TEAM: _("choose the team"),
}

TABLE: dict[str, frozenset[Can]] = {
    str(Role.AUTHOR): frozenset({Can.READ, Can.EDIT}),
    str(Role.TEACHER): frozenset(Can) - {Can.SEE_INCOME, Can.SET_PRICE, Can.MANAGE_TEAM},
    str(Role.ASSISTANT): frozenset({Can.READ, Can.REVIEW, Can.ANSWER, Can.SEE_NAMES}),
    str(Role.HOST): frozenset({Can.READ, Can.ANSWER, Can.SEE_NAMES, Can.RUN_LIVE}),
    str(Role.SELLER): frozenset({Can.SEE_NAMES, Can.SEE_EMAILS, Can.SEE_INCOME, Can.SET_PRICE, Can.OPEN_CLASS}),
}


def roles_with(action: Can) -> list[str]:
    """Roles that may do it."""
    return sorted(role for role, actions in TABLE.items() if action in actions)


def people_with(course: Course, action: Can) -> QuerySet[User]:
    """The course's teacher and those whose role in it allows that; not the owner, who may all and is asked last."""
    team = TeamMember.objects.filter(course=course, role__in=roles_with(action)).values("user")
    return User.objects.filter(Q(pk=course.teacher_id) | Q(pk__in=team), is_active=True)


def may(user: Any, course: Course, action: Can) -> bool:
    """Whether this person may do that in this course. One query at most."""
    return action in actions_of(user, course)


def actions_of(user: Any, course: Course) -> frozenset[Can]:
    """All that this person may do in this course; nothing for strangers. One query at most."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if course.teacher_id == user.pk or oversees(user):
        return frozenset(Can)
    return team_actions(user, course)


def team_actions(user: Any, course: Course) -> frozenset[Can]:
    """What a person's named roles in this course allow. One query."""
    roles = TeamMember.objects.filter(course=course, user=user).values_list("role", flat=True)
    return frozenset().union(*(TABLE.get(role, frozenset()) for role in roles))


def teaches(user: Any, course: Course, action: Can = Can.READ) -> bool:
    """Whether this person answers for the course, so far that they may do that (read all of it, by default)."""
    if not user.is_authenticated or not user.is_active:
        return False
    if course.teacher_id == user.pk or oversees(user):
        return True
    if action == Can.READ and hasattr(course, "in_team"):
        return bool(course.in_team)
    return may(user, course, action)


def with_ties(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Rows with a `course`, annotated with this person's `has_seat` and `in_team` (may read all) there; see `keep_ties`."""
    pk = user.pk if user.is_authenticated else None
    seats = Enrolment.objects.filter(cohort__course=OuterRef("course"), user=pk, state=Enrolment.State.ACTIVE)
    team = TeamMember.objects.filter(course=OuterRef("course"), user=pk, role__in=roles_with(Can.READ))
    return rows.annotate(has_seat=Exists(seats), in_team=Exists(team))


def keep_ties(row: Any) -> Course:
    """The row's course, knowing what `with_ties` found."""
    course: Course = row.course
    course.has_seat, course.in_team = row.has_seat, row.in_team  # type: ignore[attr-defined]
    return course


def taught_courses(user: Any, action: Can | None = None) -> QuerySet[Course]:
    """The courses in which this person may do that (None: anything at all); none for everybody else."""
    if not user.is_authenticated or not user.is_active:
        return Course.objects.none()
    if oversees(user):
        return Course.objects.all()
    roles = user.course_roles.filter(role__in=roles_with(action) if action else list(TABLE))
    return Course.objects.filter(Q(teacher=user) | Q(pk__in=roles.values("course")))


def taught_course(user: Any, slug: str, action: Can | None = None) -> Course:
    """A course in which this person may do that. Http404 for missing, foreign and not allowed alike."""
    return get_object_or_404(taught_courses(user, action).select_related("teacher"), slug=slug)


def taught_cohort(user: Any, slug: str, action: Can | None = None) -> Cohort:
    """A class of a course in which this person may do that. Http404 for missing, foreign and not allowed alike."""
    rows = Cohort.objects.select_related("course").filter(course__in=taught_courses(user, action))
    return get_object_or_404(rows, slug=slug)


def refuse_without(user: Any, course: Course, action: Can) -> None:
    """Http404 for who may not do that: no stranger learns that it is there."""
    if not teaches(user, course, action):
        raise Http404

"""Who works on a course: a group with rights to its pages and pictures, and to no other's."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from accounts.roles import INSTRUCTOR, OWNER, give_role, take_role
from community import flows as community
from community.models import Space
from courses.models import Course, CoursePage, TeamMember
from courses.permissions import TABLE, Can, team_actions
from kit import audit
from notices.flows import Words, notify

# What is done in the back office: its door opens for who may do any of it.
BACK_OFFICE = frozenset({Can.EDIT, Can.OPEN_CLASS, Can.SET_PRICE})
PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
OWNER_RIGHTS = (*PAGE_RIGHTS, "lock_page", "unlock_page", "bulk_delete_page")
PICTURE_RIGHTS = ("add_picture", "change_picture", "choose_picture")


def workshop_name(course: Course) -> str:
    """The name of the course's group and of its collection."""
    return f"course:{course.slug}"


@transaction.atomic
def open_workshop(*, course: Course) -> Group:
    """The group and the collection of a course, with its teacher inside. Safe to repeat."""
    name = workshop_name(course)
    group, _created = Group.objects.get_or_create(name=name)
    course.teacher.groups.add(group)
    give_role(user=course.teacher, role=INSTRUCTOR)
    collection = Collection.objects.filter(name=name).first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name=name)
    for right in Permission.objects.filter(content_type__app_label="kit", codename__in=PICTURE_RIGHTS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=right)
    return group


def shop_window(course: Course) -> Collection:
    """The collection of the course's public pictures."""
    return Collection.objects.get(name=workshop_name(course))


def give_rights(*, course: Course, page: CoursePage) -> None:
    """Let the course's group write and publish below this landing page, and its writers write."""
    groups = {workshop_name(course): PAGE_RIGHTS, f"{workshop_name(course)}:writers": PAGE_RIGHTS[:2]}
    for group in Group.objects.filter(name__in=groups):
        for right in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=groups[group.name]):
            GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=right)


@transaction.atomic
def ensure_owner_rights() -> None:
    """The owner's role may write, publish and choose everywhere in Wagtail. Safe to repeat."""
    owners, _created = Group.objects.get_or_create(name=OWNER)
    root, collection = Page.objects.filter(depth=1).first(), Collection.get_first_root_node()
    for right in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=OWNER_RIGHTS) if root else ():
        GroupPagePermission.objects.get_or_create(group=owners, page=root, permission=right)
    for right in Permission.objects.filter(content_type__app_label="kit", codename__in=PICTURE_RIGHTS) if collection else ():
        GroupCollectionPermission.objects.get_or_create(group=owners, collection=collection, permission=right)


@transaction.atomic
def add_to_team(*, course: Course, user: Any, role: str, actor: Any = None) -> TeamMember:
    """Give a person a named role in one course, and what goes with it: Wagtail's rights, a helper's place on the boards."""
    member, created = TeamMember.objects.get_or_create(course=course, user=user, role=role)
    if created:
        after = {"user": user.pk, "role": role}
        audit.record(actor=actor, action="team.add", target=f"course:{course.pk}", after=after)
        if actor is not None:
            words = Words(_("You are on the team of “%(course)s”."), _("Your workspace is here."), {"course": course.title})
            notify(user=user, kind="course.team", key=f"team:{member.pk}", words=words, url=reverse("courses:teach"))
    bring_in_line(course=course, user=user)
    return member


@transaction.atomic
def remove_from_team(*, course: Course, user: Any, role: str, actor: Any) -> None:
    """Take a role away, and with the last that gave them, its rights and places."""
    gone, _kinds = TeamMember.objects.filter(course=course, user=user, role=role).delete()
    if gone:
        before = {"user": user.pk, "role": role}
        audit.record(actor=actor, action="team.remove", target=f"course:{course.pk}", before=before)
        bring_in_line(course=course, user=user)
        if BACK_OFFICE & TABLE[role] and not _needs_the_door(user):
            take_role(user=user, role=INSTRUCTOR)  # it was open for what is gone


def _needs_the_door(user: Any) -> bool:
    """Whether the back office is still this person's workplace."""
    wanted = [role for role, actions in TABLE.items() if actions & BACK_OFFICE]
    return user.courses_taught.exists() or user.course_roles.filter(role__in=wanted).exists()


@transaction.atomic
def bring_in_line(*, course: Course, user: Any) -> None:
    """Wagtail's groups and places on the class boards, as the permission table says of this person. Safe to repeat."""
    if course.teacher_id == user.pk:
        return
    actions = team_actions(user, course)
    publishers, writers = open_workshop(course=course), open_writers_room(course=course)
    for group, wanted in ((publishers, {Can.EDIT, Can.PUBLISH} <= actions), (writers, Can.EDIT in actions)):
        user.groups.add(group) if wanted else user.groups.remove(group)
    if actions & BACK_OFFICE:
        give_role(user=user, role=INSTRUCTOR)
    source = f"team:{course.pk}:{user.pk}"
    if Can.ANSWER not in actions:
        community.leave(source=source)
        return
    for space in Space.objects.filter(about__in=[row.seat_ref for row in course.cohorts.all()]):
        community.join(user=user, space=space, role="helper", source=source)


def open_writers_room(*, course: Course) -> Group:
    """The group of those who write but do not publish. Safe to repeat."""
    group, created = Group.objects.get_or_create(name=f"{workshop_name(course)}:writers")
    if created:
        for page in CoursePage.objects.filter(course=course):
            give_rights(course=course, page=page)
        _let_publishers_review(course)
    return group


def _let_publishers_review(course: Course) -> None:
    """What writers submit waits for somebody who may publish in this course, or for the owner: Wagtail's own workflow."""
    name = workshop_name(course)
    task = GroupApprovalTask.objects.create(name=name)
    task.groups.set([Group.objects.get_or_create(name=reviewers)[0] for reviewers in (name, OWNER)])
    workflow = Workflow.objects.create(name=name)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in CoursePage.objects.filter(course=course):
        WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": workflow})

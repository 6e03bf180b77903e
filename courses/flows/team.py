"""Who works on a course: a group with rights to its pages and pictures, and to no other's."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.roles import INSTRUCTOR, OWNER, give_role
from courses.models import Course, CoursePage, TeamMember

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
    """Let the course's group write and publish below this landing page."""
    group = Group.objects.get(name=workshop_name(course))
    for right in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS):
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
def add_to_team(*, course: Course, user: Any, role: str) -> TeamMember:
    """Give a person a named role in one course, with the rights of its group."""
    member, _created = TeamMember.objects.get_or_create(course=course, user=user, role=role)
    user.groups.add(open_workshop(course=course))
    give_role(user=user, role=INSTRUCTOR)
    return member

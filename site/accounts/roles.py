"""Roles are groups. An idempotent flow makes them after every migrate."""

from typing import Any

from django.contrib.auth.models import Group, Permission

from accounts.models import User

OWNER, INSTRUCTOR, PACKER, MODERATOR = "owner", "instructor", "packer", "moderator"
ROLES = (OWNER, INSTRUCTOR, PACKER, MODERATOR)
# Roles that may enter /admin/ at all; what each sees there is decided by the rooms' hooks.
BACK_OFFICE = (OWNER, INSTRUCTOR, PACKER)


def ensure_roles() -> None:
    """Make the groups and let the back office's roles through Wagtail's door. Safe to repeat."""
    door = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin").first()
    for name in ROLES:
        group, _created = Group.objects.get_or_create(name=name)
        if door is not None and name in BACK_OFFICE:
            group.permissions.add(door)


def ensure_roles_after_migrate(sender: Any, **kwargs: Any) -> None:
    ensure_roles()


def has_role(user: Any, *names: str) -> bool:
    """Whether this person holds any of the roles; superusers hold all. Read once per request object."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or not role_names(user).isdisjoint(names)


def oversees(user: Any) -> bool:
    """The owner's role: sees every course and reads every space. Asks the database for staff only."""
    return bool(user.is_authenticated and user.is_active and user.is_staff and has_role(user, OWNER))


def role_names(user: Any) -> frozenset[str]:
    """Names of a person's roles, remembered on the instance."""
    if not hasattr(user, "_role_names"):
        user._role_names = frozenset(user.groups.values_list("name", flat=True))
    return frozenset(user._role_names)


def give_role(*, user: User, role: str) -> None:
    """Put a person into a role; back-office roles are staff."""
    user.groups.add(Group.objects.get(name=role))
    if hasattr(user, "_role_names"):
        del user._role_names
    if role in BACK_OFFICE and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])


def take_role(*, user: Any, role: str) -> None:
    """Take a role away; who has no role of the back office left is staff no more."""
    user.groups.remove(Group.objects.get(name=role))
    if hasattr(user, "_role_names"):
        del user._role_names
    if user.is_staff and not user.is_superuser and not role_names(user) & set(BACK_OFFICE):
        user.is_staff = False
        user.save(update_fields=["is_staff"])

"""What the owners of a space decide: that it is there, how it is, who has which role, when it ends."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.roles import INSTRUCTOR, OWNER, has_role
from community import ways
from community.errors import NotSound, Refused
from community.flows.applying import close_all
from community.flows.passes import require_owner
from community.flows.spaces import join
from community.flows.telling_rules import rules_changed
from community.models import Membership, Space
from kit import audit
from kit.clock import FALLBACK_ZONE, now
from kit.text import strip_controls

# Addresses below /community/ that are pages of their own.
RESERVED = frozenset(
    {"new", "mine", "all", "search", "feed", "moderation", "reports", "blocked", "muted", "drafts", "notes", "events"}
    | {"messages", "helpers", "help", "people", "tags", "live", "notices", "draws", "wishes", "feedback", "following"}
)
MOST_QUESTIONS = 10
MOST_INTERESTS = 30
LONGEST_TAG = 40


@dataclass(frozen=True)
class Plan:
    """Everything that the settings page decides of a space."""

    name: str
    description: str = ""
    way: Any = Space.Way.INVITATION
    way_of: str = ""
    questions: list[str] = field(default_factory=list)
    asks_proof: bool = False
    rules: str = ""
    interests: list[str] = field(default_factory=list)
    offers_allowed: bool = True
    referrals_allowed: bool = True
    list_hidden: bool = False
    time_zone: str = FALLBACK_ZONE


def may_make(user: Any) -> bool:
    """The site's owner and its teachers make spaces."""
    return has_role(user, OWNER, INSTRUCTOR)


@transaction.atomic
def make_space(*, by: Any, slug: str, plan: Plan) -> Space:
    """A new space, which `by` owns. Raises Refused, or NotSound for a taken address or a plan that does not fit."""
    if not may_make(by):
        raise Refused(_("The site's owner and its teachers make spaces."))
    if slug in RESERVED:
        raise NotSound(_("This address is taken."))
    values = _sound(plan, by=by, was="")
    try:
        with transaction.atomic():
            space = Space.objects.create(slug=slug, created_at=now(), rules_version=1 if values["rules"] else 0, **values)
    except IntegrityError as error:
        raise NotSound(_("This address is taken.")) from error
    join(user=by, space=space, role=Membership.Role.OWNER)
    audit.record(actor=by, action="space.made", target=f"space:{space.pk}", before="", after=space.slug)
    return space


@transaction.atomic
def change_space(*, by: Any, space: Space, plan: Plan) -> Space:
    """Change a space. New rules are a new version, which everybody accepts before writing on. What changed stands in the
    trail. The space of a class keeps its way in: it comes with the seat. Raises Refused or NotSound."""
    require_owner(by, space)
    locked = Space.objects.select_for_update().get(pk=space.pk)
    if locked.archived_at is not None:
        raise Refused(_("This space is archived: everything can be read, nothing is added."))
    values = _sound(plan, by=by, was=locked.way_of)
    if locked.about:
        values |= {name: getattr(locked, name) for name in ("way", "way_of", "visibility", "questions", "asks_proof")}
    changed = {name: value for name, value in values.items() if getattr(locked, name) != value}
    if not changed:
        return locked
    before = {name: getattr(locked, name) for name in changed}
    if "rules" in changed:
        changed["rules_version"] = locked.rules_version + 1
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(changed))
    if "rules" in changed:
        rules_changed(locked)
    audit.record(actor=by, action="space.changed", target=f"space:{locked.pk}", before=before, after=changed)
    return locked


@transaction.atomic
def set_role(*, by: Any, membership: Membership, role: str) -> Membership:
    """Give a member another role; one line in the trail. Raises Refused: a space keeps an owner, and the places of a
    course's teacher and team are changed in the course."""
    locked = _lock_place(by, membership)
    if role not in Membership.Role.values:
        raise NotSound(_("There is no such role."))
    if locked.role == role:
        return locked
    _keep_an_owner(locked)
    before, locked.role = locked.role, role
    locked.save(update_fields=["role"])
    _record(by, "space.role", locked, before, role)
    return locked


@transaction.atomic
def remove_member(*, by: Any, membership: Membership, reason: str = "") -> None:
    """End a member's place; they do not come back by themselves. Raises Refused."""
    locked = _lock_place(by, membership)
    if locked.user_id == by.pk:
        raise Refused(_("Nobody removes themselves."))
    _keep_an_owner(locked)
    locked.ended_at, locked.is_removed = now(), True
    locked.save(update_fields=["ended_at", "is_removed"])
    _record(by, "space.removed", locked, locked.role, "removed", reason=strip_controls(reason).strip()[:300])


@transaction.atomic
def set_archived(*, by: Any, space: Space, on: bool) -> Space:
    """Archive a space by hand, or open it again (then its class's end archives it no more). Raises Refused."""
    require_owner(by, space)
    locked = Space.objects.select_for_update().get(pk=space.pk)
    if (locked.archived_at is not None) == on:
        return locked
    if not on:
        locked.kept_open = True
        locked.save(update_fields=["kept_open"])
    return _archive(locked, by, on)


@transaction.atomic
def archive_ended(*, about: str) -> bool:
    """What the space belongs to (`cohort:5`) has ended: archive it, once, unless somebody opened it again by hand."""
    space = Space.objects.select_for_update().filter(about=about, archived_at=None, kept_open=False).first()
    if space is not None:
        _archive(space, None, True)
    return space is not None


def _archive(space: Space, by: Any, on: bool) -> Space:
    space.archived_at = now() if on else None
    space.save(update_fields=["archived_at"])
    if on:
        close_all(space)
    states = ("open", "archived") if on else ("archived", "open")
    audit.record(actor=by, action="space.archived", target=f"space:{space.pk}", before=states[0], after=states[1])
    return space


def _lock_place(by: Any, membership: Membership) -> Membership:
    """A live place under its lock, behind the space's: two owners cannot take each other's role at once."""
    Space.objects.select_for_update().get(pk=membership.space_id)
    require_owner(by, membership.space)
    live = Membership.objects.select_for_update(of=("self",)).select_related("space").filter(pk=membership.pk, ended_at=None)
    locked = live.first()
    if locked is None:
        raise Refused(_("This place has ended."))
    if locked.source.startswith(("course:", "team:")):
        raise Refused(_("This place comes from the course's team and is changed there."))
    return locked


def _keep_an_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(space=membership.space_id, ended_at=None, role=Membership.Role.OWNER)
    if membership.role == Membership.Role.OWNER and not owners.exclude(pk=membership.pk).exists():
        raise Refused(_("A space keeps at least one owner."))


def _record(by: Any, action: str, membership: Membership, before: str, after: str, reason: str = "") -> None:
    target = f"space:{membership.space_id}"
    who = f"user:{membership.user_id}"
    audit.record(actor=by, action=action, target=target, before=f"{who} {before}", after=f"{who} {after}", reason=reason)


def _sound(plan: Plan, *, by: Any, was: str) -> dict[str, Any]:
    """The plan as columns. Raises NotSound."""
    values = asdict(plan)
    values["name"] = " ".join(strip_controls(plan.name).split())
    values["description"], values["rules"] = strip_controls(plan.description).strip(), strip_controls(plan.rules).strip()
    values["questions"] = _lines(plan.questions, MOST_QUESTIONS, 200)
    values["interests"] = _lines(plan.interests, MOST_INTERESTS, LONGEST_TAG)
    values["visibility"] = Space.Visibility.PUBLIC if plan.way == Space.Way.PUBLIC else Space.Visibility.MEMBERS
    if not values["name"] or plan.way not in Space.Way.values:
        raise NotSound(_("A space has a name and a way in."))
    if plan.way not in (Space.Way.GRADUATES, Space.Way.COHORT):
        values["way_of"] = ""
    elif plan.way_of != was and plan.way_of not in ways.choices_for(plan.way, by):
        raise NotSound(_("Choose the course or class whose people come in."))
    if plan.way in (Space.Way.GRADUATES, Space.Way.COHORT) and not plan.way_of:
        raise NotSound(_("Choose the course or class whose people come in."))
    if plan.way == Space.Way.ANSWERS and not (values["questions"] or plan.asks_proof):
        raise NotSound(_("Ask at least one question, or for a document."))
    return values


def _lines(lines: list[str], most: int, longest: int) -> list[str]:
    """Clean, each once, in order. Raises NotSound."""
    clean = list(dict.fromkeys(text for line in lines if (text := " ".join(strip_controls(line).split()))))
    if len(clean) > most or any(len(line) > longest for line in clean):
        raise NotSound(_("At most %(most)d lines of %(longest)d characters.") % {"most": most, "longest": longest})
    return clean

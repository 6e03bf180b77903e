"""Programmes, their frozen rules, and links."""

import secrets
from contextlib import suppress
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kit import audit
from kit.clock import now
from kit.paths import without_language
from shop.catalogue.models import Offer
from shop.referrals.models import Agreement, Link, Programme, ProgrammeVersion
from shop.referrals.rules import Rules

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


class LinkRefused(Exception):
    """The link cannot be made; the text is for the referrer."""


@transaction.atomic
def create_programme(
    *, name: str, rules: Rules, offer: Offer | None = None, joining: str = "open", text: str = "", actor: Any = None
) -> Programme:
    """A programme with its first version of rules. `joining`: open | application | invitation; `text`: the agreement's."""
    programme = Programme.objects.create(name=name, offer=offer, joining=joining)
    change_rules(programme=programme, rules=rules, text=text, actor=actor)
    return programme


@transaction.atomic
def change_rules(*, programme: Programme, rules: Rules, actor: Any, text: str | None = None) -> ProgrammeVersion:
    """New rules, or another text of the agreement, from now on; placed orders keep theirs. `text` None: as it was."""
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    before = programme.versions.order_by("-number").first()
    number = (programme.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    if text is None:
        text = before.text if before else ""
    version = programme.versions.create(number=number, rules=rules.to_json(), text=text, created_at=now())
    audit.record(
        actor=actor,
        action="programme.rules",
        target=f"programme:{programme.pk}",
        before=before and before.rules,
        after=version.rules,
    )
    return version


@transaction.atomic
def ask_own_agreement(*, programme: Programme, asked: bool, actor: Any) -> None:
    """Whether referrers agree to this programme itself, even where its terms are the general one's."""
    row = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if row.own_agreement != asked:
        audit.record(
            actor=actor, action="programme.own_agreement", target=f"programme:{row.pk}", before=row.own_agreement, after=asked
        )
        row.own_agreement = asked
        row.save(update_fields=["own_agreement"])


def rename_programme(*, programme: Programme, name: str) -> None:
    """Another name for referrers to know it by; rules and agreements stay."""
    programme.name = name
    programme.save(update_fields=["name"])


@transaction.atomic
def set_joining(*, programme: Programme, joining: str, is_open: bool, actor: Any) -> None:
    """Who may join, and whether the programme runs at all. Raises ValueError for a way to join that there is not."""
    row = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    before = {"joining": row.joining, "is_open": row.is_open}
    row.joining, row.is_open = str(Programme.Joining(joining)), is_open
    after = {"joining": row.joining, "is_open": is_open}
    if before != after:
        row.save(update_fields=["joining", "is_open"])
        audit.record(actor=actor, action="programme.joining", target=f"programme:{row.pk}", before=before, after=after)


def link_in_note(*, note: int, target: str, visitor: Any) -> Link | None:
    """The link behind what is tagged in a note, made where it is missing.

    None where the note's author has no agreement in force, and for the author's own visit.
    """
    agreed = Agreement.objects.filter(ended_at=None, user__notes=note, user__notes__removed_at=None)
    author = agreed.exclude(user=visitor.pk).values_list("user", flat=True).first()
    if author is None:
        return None
    known = Link.objects.filter(note=note, target=without_language(target))
    if not known.exists():
        with suppress(LinkRefused):  # two first clicks at once: the other one's link is there
            create_link(owner=get_user_model()(pk=author), target=target, channel=Link.NOTES, note=note)
    return known.first()


def create_link(*, owner: Any, target: str, channel: str = "", label: str = "", code: str = "", note: int | None = None) -> Link:
    """A short link to a path of our own site. Raises LinkRefused for any other target or a code in use."""
    bare = without_language(target)
    wrong = any(path.startswith(("//", "/\\")) or not path.startswith("/") for path in (target, bare))
    if wrong or any(ord(char) < 33 for char in target):
        raise LinkRefused(_("A link leads to a page of this site, such as /courses/."))
    if code and Link.objects.filter(code=code).exists():
        raise LinkRefused(_("This code is taken."))
    for _attempt in range(5):
        try:
            with transaction.atomic():
                return Link.objects.create(
                    code=code or "".join(secrets.choice(_LETTERS) for _i in range(8)),
                    owner=owner,
                    target=bare,
                    channel=channel,
                    label=label,
                    note_id=note,
                    created_at=now(),
                )
        except IntegrityError:
            if code:
                raise LinkRefused(_("This code is taken.")) from None
    raise LinkRefused(_("No free code was found, please try again."))

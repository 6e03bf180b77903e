"""Filters of the search. All of them are optional, and one that makes no sense is as if it were not there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from community.models import Membership, Space
from community.models import Topic as CommunityTopic
from kit import searchables
from kit.plain_select import PlainSelect
from search.wishes import Wish

NOBODY = 0
MOST_SPACES = 300


class FilterForm(forms.Form):
    """Its fields are those of the address: `space` is a slug, `author` a handle."""

    space = forms.CharField(label=_("Space"), required=False, max_length=80)
    author = forms.CharField(
        label=_("Written by"), required=False, max_length=41, help_text=_("The name in a page's address: @mei")
    )
    time = forms.ChoiceField(label=_("Written within"), required=False, widget=PlainSelect)
    language = forms.ChoiceField(label=_("Language"), required=False, widget=PlainSelect)
    tag = forms.CharField(label=_("Kind of topic, or tag"), required=False, max_length=40)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="by-%s", **kwargs)
        self.user = user
        self.fields["time"].choices = [  # type: ignore[attr-defined]
            ("", _("any time")),
            ("day", _("a day")),
            ("week", _("a week")),
            ("month", _("a month")),
            ("year", _("a year")),
        ]
        self.fields["language"].choices = [("", _("any language")), ("zh", "中文"), ("en", "English")]  # type: ignore[attr-defined]
        spaces = _spaces_of(user)
        if spaces:
            choices = [("", _("every space")), *spaces]
            self.fields["space"] = forms.ChoiceField(label=_("Space"), required=False, choices=choices, widget=PlainSelect)
        tags = [("", _("any")), *CommunityTopic.Kind.choices]
        self.fields["tag"].widget = PlainSelect(choices=tags)

    def wish(self, text: str) -> Wish:
        """What was asked for. Wrong choices ask for nothing; a space or author that is not there finds nothing."""
        self.is_valid()
        kind = self.data.get("kind", "")
        return Wish(
            text=text,
            kind=kind if kind in searchables.kinds() else "",
            space=_space(self._said("space")),
            author=_author(self._said("author"), self.user),
            span=self._said("time"),
            language=self._said("language"),
            tag=self._said("tag"),
        )

    def asked(self, text: str) -> dict[str, str]:
        """The address of this page, but for the number of the page."""
        kind = self.data.get("kind", "")
        return {
            "q": text,
            "kind": kind if kind in searchables.kinds() else "",
            **{name: self._said(name) for name in self.fields},
        }

    def chosen(self) -> list[tuple[str, Any]]:
        """(name, words) of each filter that is set."""
        return [(name, self._words(name)) for name in self.fields if self._said(name)]

    def _said(self, name: str) -> str:
        # A space of others is no choice of the list, and still a filter: access decides, not the list.
        said = self.data.get("space", "")[:80] if name == "space" else self.cleaned_data.get(name, "")
        return str(said).replace("\x00", "").strip().removeprefix("@")

    def _words(self, name: str) -> Any:
        choices = getattr(self.fields[name], "choices", None) or getattr(self.fields[name].widget, "choices", [])
        said = self._said(name)
        return f"@{said}" if name == "author" else dict(choices).get(said, said)


def _spaces_of(user: Any) -> list[tuple[str, str]]:
    if not user.is_authenticated:
        return []
    places = Membership.objects.filter(user=user, ended_at=None).order_by("space__name")
    return list(places.values_list("space__slug", "space__name")[:MOST_SPACES])


def _space(slug: str) -> int | None:
    """The id of a space. Whether the person may read it is asked of the entries: it tells nothing here."""
    if not slug:
        return None
    return Space.objects.filter(slug=slug).values_list("pk", flat=True).first() or NOBODY


def _author(handle: str, user: Any) -> int | None:
    """The id of a person with a public page, or oneself: another's handle is not told."""
    if not handle:
        return None
    profile = Profile.objects.filter(handle=handle).first()
    is_known = profile is not None and (profile.is_public or profile.user_id == user.pk)
    return profile.user_id if profile is not None and is_known else NOBODY

"""Forms of accounts."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.flows import ensure_profile
from accounts.models import Profile, User
from kit.clock import available_zones, now
from kit.embeds import embed_of
from kit.text import strip_controls

# Zones that are no places.
HIDDEN_ZONES = ("Etc/", "SystemV/", "US/", "posix", "right")


class SignupForm(forms.Form):
    """What allauth's sign-up asks beside the e-mail address."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["email", "name"]

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.name = strip_controls(self.cleaned_data["name"])
        user.language = get_language() or ""
        user.save(update_fields=["name", "language"])
        ensure_profile(user=user)


def zone_choices() -> list[tuple[str, str]]:
    """IANA zones that are places, with their offset of today: ("Asia/Taipei", "Asia/Taipei (+08:00)")."""
    names = sorted(name for name in available_zones() if "/" in name and not name.startswith(HIDDEN_ZONES))
    return [(name, f"{name.replace('_', ' ')} ({_offset(name)})") for name in names]


def _offset(name: str) -> str:
    text = f"{now().astimezone(ZoneInfo(name)):%z}"
    return f"{text[:3]}:{text[3:5]}"


class ProfileForm(forms.Form):
    """Name, language, time zone, and what others see at /people/<handle>/."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, help_text=_("Pages and mails come in it."))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, help_text=_("Lessons open at your midnight."))
    handle = forms.SlugField(
        label=_("Address of your page"), max_length=40, min_length=3, help_text=_("Letters, digits and hyphens.")
    )
    bio = forms.CharField(label=_("About you"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    film = forms.URLField(
        label=_("A film of you"),
        required=False,
        assume_scheme="https",
        help_text=_("YouTube, Vimeo, Bilibili, SoundCloud or Spotify."),
    )
    portrait = forms.FileField(
        label=_("Portrait"), required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )
    without_portrait = forms.BooleanField(label=_("Remove my portrait"), required=False)
    is_public = forms.BooleanField(label=_("Everyone may see my page"), required=False)

    def __init__(self, *args: Any, user: User, profile: Profile, **kwargs: Any) -> None:
        initial = {
            "name": user.name, "language": user.language or get_language(), "time_zone": user.time_zone,
            "handle": profile.handle, "bio": profile.bio, "film": profile.film, "is_public": profile.is_public,
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        self.user = user
        if profile.portrait_id is None:
            del self.fields["without_portrait"]

    def clean_film(self) -> str:
        film = str(self.cleaned_data["film"])
        if film and embed_of(film) is None:
            raise forms.ValidationError(_("This is no film or recording of YouTube, Vimeo, Bilibili, SoundCloud or Spotify."))
        return film

    def clean_handle(self) -> str:
        handle = str(self.cleaned_data["handle"]).lower()
        if Profile.objects.filter(handle=handle).exclude(user=self.user).exists():
            raise forms.ValidationError(_("Somebody else has this address."))
        return handle


class WorkForm(forms.Form):
    title = forms.CharField(label=_("What is it?"), max_length=120)
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, 8 MB at most."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

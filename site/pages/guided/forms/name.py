"""Step 1: name, reason, picture, address."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.coreutils import string_to_ascii
from wagtail.images.fields import WagtailImageField

from courses.models import Course
from pages.guided.draft import Draft
from pages.guided.forms.fields import LineField
from shop.catalogue.models import Offer

SLUG_LENGTH = 50


class NameForm(forms.Form):
    title = LineField(label=_("Name of the course"), max_length=120)
    tagline = LineField(
        label=_("One line that says why"),
        max_length=160,
        required=False,
        help_text=_("Shown under the name, and when the link is shared."),
    )
    cover = WagtailImageField(label=_("Picture"), required=False)
    slug = forms.CharField(
        label=_("Address"),
        max_length=80,
        required=False,
        help_text=_("Latin letters, digits and hyphens. Left empty, one is made from the name."),
    )
    language = forms.ChoiceField(label=_("Language of the course"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, draft: Draft | None = None, **kwargs: Any) -> None:
        self.draft = draft
        super().__init__(*args, initial=_saved(draft) if draft else {"language": get_language()}, **kwargs)
        self.fields["cover"].help_text = _("Landscape, 1200 × 900 or larger. JPEG, PNG or WebP, 15 MB at most.")
        self.fields["cover"].widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        if draft is not None:
            del self.fields["language"]
            if draft.is_fixed:
                del self.fields["slug"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "slug" in self.fields and "slug" not in self.errors and "title" in data:
            data["slug"] = self._address(data["title"], data.get("slug", ""))
        return data

    def _address(self, title: str, typed: str) -> str:
        """What was typed, made Latin; taken: an error. Nothing typed: one from the title that is free."""
        slug = latin(typed or title)
        if not typed:
            return self._free(slug or "course")
        if not slug:
            self.add_error("slug", _("Please use Latin letters and digits."))
        elif self._taken(slug):
            self.add_error("slug", _("This address is taken. Free is: %(slug)s") % {"slug": self._free(slug)})
        return slug

    def _free(self, slug: str) -> str:
        base, number = slug, 2
        while self._taken(slug):
            slug, number = f"{base}-{number}", number + 1
        return slug

    def _taken(self, slug: str) -> bool:
        course = self.draft.course.pk if self.draft else None
        offers = Offer.objects.filter(slug=slug).exclude(course__isnull=False, course=course)
        return Course.objects.filter(slug=slug).exclude(pk=course).exists() or offers.exists()


def _saved(draft: Draft) -> dict[str, Any]:
    return {"title": draft.page.title, "tagline": draft.page.tagline, "slug": draft.course.slug}


def latin(text: str) -> str:
    """An address part in ASCII for any script: 從零開始 → cong-ling-kai-shi. '' where nothing can be said."""
    # The transliteration glues syllables together, each with a capital.
    spelled = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", string_to_ascii(text))
    words = re.findall(r"[a-z0-9]+", spelled.lower())
    slug = "-".join(words)
    if len(slug) > SLUG_LENGTH:
        cut = slug[: SLUG_LENGTH + 1].rpartition("-")[0]
        slug = cut or slug[:SLUG_LENGTH]
    return slug

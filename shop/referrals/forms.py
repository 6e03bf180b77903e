"""The link maker, channels, and what a referrer writes to the owner."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.referrals.models import Case, Link

CHANNELS = [
    ("", _("no channel")),
    ("line", "LINE"),
    ("wechat", _("WeChat group")),
    ("weibo", _("Weibo")),
    ("xiaohongshu", _("Xiaohongshu")),
    ("tiktok", "TikTok"),
    ("poster", _("printed poster")),
    ("other", _("somewhere else")),
]


class LinkForm(forms.Form):
    """`pages`: what can be chosen (targets.choices); any other page of ours is typed."""

    page = forms.ChoiceField(label=_("What you recommend"), required=False)
    target = forms.CharField(
        label=_("Or another page of this site"), max_length=300, required=False, help_text=_("Such as /courses/ukulele/day-1/")
    )
    channel = forms.ChoiceField(label=_("Where you will share it"), choices=CHANNELS, required=False)
    label = forms.CharField(label=_("A name for yourself"), max_length=60, required=False)

    def __init__(self, *args: Any, pages: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.fields["page"]
        assert isinstance(page, forms.ChoiceField)
        page.choices = [("", _("Choose")), *pages]

    def clean(self) -> dict[str, Any]:
        """What is typed counts more than what is chosen."""
        values = super().clean() or {}
        page = values.pop("page", "")
        values["target"] = values.get("target") or page
        if not values["target"] and not self.errors:
            self.add_error("page", _("Choose a page, or type its address."))
        return values


class ChannelForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=CHANNELS[1:])
    address = forms.CharField(
        label=_("Group, account or address"), max_length=300, help_text=_("As people find it: a name, or an address of the web.")
    )


class ApplicationForm(forms.Form):
    message = forms.CharField(
        label=_("Where will you share, and with whom?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ObjectionForm(forms.Form):
    text = forms.CharField(label=_("What is wrong?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ThanksForm(forms.Form):
    text = forms.CharField(
        label=_("In your own words"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty: “The students whom you brought are a joy to teach.”"),
    )


class OwnPictureForm(forms.Form):
    picture = forms.FileField(
        label=_("A picture of your own"),
        help_text=_("JPEG, PNG or WebP. Where it was taken is removed."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class HomeworkPictureForm(forms.Form):
    """`works`: pictures of one's own accepted homework (posters.HomeworkPicture)."""

    work = forms.ChoiceField(label=_("Picture"), widget=forms.RadioSelect)
    consent = forms.BooleanField(
        label=_("I agree that everybody who sees the poster sees this homework. I can take it back at any time.")
    )

    def __init__(self, *args: Any, works: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        work = self.fields["work"]
        assert isinstance(work, forms.ChoiceField)
        work.choices = [(row.name, row.submission.assignment.lesson.title) for row in works]


class _Pictures(forms.FileField):
    """Several files at once, or none."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(_Pictures, self).clean(file, initial) for file in data or []]


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ReportForm(forms.Form):
    """`link` becomes the Link; its code may come alone, or in the address as it was seen."""

    link = forms.CharField(
        label=_("The link, or its code"), max_length=300, help_text=_("The last part of an address such as /r/abc123/")
    )
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Case.Reason.choices)
    text = forms.CharField(label=_("What did you see?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    seen_at = forms.CharField(label=_("Where? (group, account or address)"), max_length=500, required=False)
    pictures = _Pictures(
        label=_("Pictures, three at most"), required=False, widget=_ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )

    def clean_link(self) -> Link:
        code = self.cleaned_data["link"].strip().partition("?")[0].rstrip("/").rpartition("/")[2]
        link = Link.objects.filter(code__iexact=code).order_by("pk").first() if code else None
        if link is None:
            raise forms.ValidationError(_("There is no such link here."))
        return link


class CaseTextForm(forms.Form):
    text = forms.CharField(label=_("Your side of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

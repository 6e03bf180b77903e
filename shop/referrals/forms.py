"""The link maker, channels, and what a referrer writes to the owner."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
    target = forms.CharField(
        label=_("Page"), max_length=300, initial="/courses/", help_text=_("A page of this site, such as /courses/ukulele/")
    )
    channel = forms.ChoiceField(label=_("Where you will share it"), choices=CHANNELS, required=False)
    label = forms.CharField(label=_("A name for yourself"), max_length=60, required=False)


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

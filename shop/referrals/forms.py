"""The link maker."""

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

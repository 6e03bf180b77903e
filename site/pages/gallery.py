"""The gallery at /design/: every component with a sample, in development."""

import re
from pathlib import Path

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kit.things import Card

COLOURS = ("paper", "raised", "sunk", "ink", "ink-2", "line", "accent", "accent-soft", "koa", "koa-soft", "leaf", "night")
SAMPLE_DAYS = (("11/16", 3), ("11/17", 5), ("11/18", 2), ("11/19", 9), ("11/20", 6), ("11/21", 4), ("11/22", 7))

# A picture with a point, as community.reads.notes gives it: a component asks for no more than these.
POINTED = {
    "wide": "/static/img/favicon.svg",
    "phone": "/static/img/favicon.svg",
    "width": 400,
    "height": 400,
    "reach": 24,
    "dot": 10,
    "row": {"alt": "四條弦，一個手指"},
    "points": [{"number": 1, "row": {"pk": 1}, "card": {"title": "烏克麗麗"}, "x": 200, "y": 200}],
}


class SampleForm(forms.Form):
    """One field of each kind."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("We send the order here."))
    name = forms.CharField(label=_("Name"), required=False, initial="林小魚")
    note = forms.CharField(label=_("Message"), widget=forms.Textarea, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=[("TW", "台灣"), ("CN", "中国大陆"), ("US", "United States")])
    delivery = forms.ChoiceField(
        label=_("Delivery"),
        choices=[("home", _("Home delivery")), ("store", _("Convenience store"))],
        widget=forms.RadioSelect,
        initial="home",
    )
    recording = forms.FileField(label=_("Recording"), required=False)
    agree = forms.BooleanField(label=_("I have read the terms and agree."))


def icon_names() -> list[str]:
    """Ids of all symbols in the sprite."""
    return re.findall(r'<symbol id="([^"]+)"', Path(str(finders.find("img/icons.svg"))).read_text())


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component once, a form as it comes back with errors among them."""
    context = {
        "colours": COLOURS,
        "icons": icon_names(),
        "form": SampleForm(),
        "wrong_form": SampleForm({"email": "nobody", "delivery": "store"}),
        "days": SAMPLE_DAYS,
        "pointed": POINTED,
        "pairs": [("question", "問題"), ("work", "作品")],
        "sample_thing": Card("第一天:只彈一個和弦", "#topics", "從零基礎到自由彈唱"),
    }
    return render(request, "pages/gallery.html", context)

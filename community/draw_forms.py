"""What is typed about draws. Times are of the zone of who types."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.flows.draws import DrawFacts, Prize
from kit.clock import now, zone
from kit.things import Card

ROWS = 5
NARROW = timedelta(seconds=30)


class DrawForm(forms.Form):
    """`things`: what the shop could send, by reference (`sku:5`), each card's `data` naming its stock item."""

    use_required_attribute = False
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    source = forms.CharField(
        label=gettext_lazy("What is it about?"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    opens_on = forms.DateField(
        label=gettext_lazy("Registration opens on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: a few minutes after publishing, so that everybody can note the commitment."),
    )
    opens_time = forms.TimeField(label=gettext_lazy("at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    closes_on = forms.DateField(
        label=gettext_lazy("It closes on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closes_time = forms.TimeField(label=gettext_lazy("at"), widget=forms.TimeInput(attrs={"type": "time"}))
    members_before = forms.BooleanField(
        label=gettext_lazy("Only who is a member already"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Nobody joins, or makes accounts, just to win."),
    )
    question = forms.CharField(
        label=gettext_lazy("Question to answer"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as: which chord comes first on day 3?"),
    )
    answers = forms.CharField(
        label=gettext_lazy("Right answers, one a line"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Empty: any answer counts. They are published as hashes only."),
    )
    public_source = forms.CharField(
        label=gettext_lazy("Public number that is mixed in"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Published by somebody else after closing, such as the closing index of a stock exchange on a named day, or a round "
            "of drand. Then not even who could read the secret can choose the winners."
        ),
    )

    def __init__(self, *args: Any, user: Any, things: Mapping[str, Card], **kwargs: Any) -> None:
        self.zone, self.things = zone(user.time_zone), things
        super().__init__(*args, **kwargs)
        self.fields["closes_time"].help_text = _("Your time: %(zone)s") % {"zone": self.zone.key}
        sent = [("", _("described by its name")), *((ref, card.title) for ref, card in things.items())]
        for row in range(1, ROWS + 1):
            label = _("Prize %(row)d") % {"row": row}
            self.fields[f"prize_{row}"] = forms.CharField(label=label, max_length=120, required=row == 1)
            pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=200, initial=1, required=False)
            self.fields[f"pieces_{row}"] = pieces
            self.fields[f"thing_{row}"] = forms.ChoiceField(label=_("From stock"), choices=sent, required=False)

    def prize_rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"prize_{row}"], self[f"pieces_{row}"], self[f"thing_{row}"]) for row in range(1, ROWS + 1)]

    def main_fields(self) -> list[Any]:
        own = {f"{name}_{row}" for name in ("prize", "pieces", "thing") for row in range(1, ROWS + 1)}
        return [field for field in self.visible_fields() if field.name not in own]

    def facts(self) -> DrawFacts:
        data = self.cleaned_data
        earliest = now().replace(microsecond=0) + timedelta(minutes=settings.DRAW_NOTICE_MINUTES) + NARROW
        opens = self._moment(data["opens_on"], data["opens_time"] or time()) if data["opens_on"] else earliest
        return DrawFacts(
            title=data["title"],
            source=data["source"],
            opens_at=opens,
            closes_at=self._moment(data["closes_on"], data["closes_time"]),
            prizes=[self._prize(row) for row in range(1, ROWS + 1) if data[f"prize_{row}"]],
            members_before=data["members_before"],
            question=data["question"],
            answers=[line for line in data["answers"].splitlines() if line.strip()],
            public_source=data["public_source"],
        )

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _prize(self, row: int) -> Prize:
        data = self.cleaned_data
        thing = data[f"thing_{row}"]
        ref = cast(Mapping[str, Any], self.things[thing].data)["ref"] if thing else ""
        return Prize(data[f"prize_{row}"], data[f"pieces_{row}"] or 1, thing, ref)


class AnswerForm(forms.Form):
    use_required_attribute = False
    answer = forms.CharField(label=gettext_lazy("Your answer"), max_length=200)


class ValueForm(forms.Form):
    use_required_attribute = False
    value = forms.CharField(label=gettext_lazy("What did the source say?"), max_length=200)

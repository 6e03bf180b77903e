"""What is typed about events. Date and time are those of the chosen zone; a clock time that a change of clocks skips or
repeats is read as Python does: the first of the two.
"""

from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from community.event_access import may_make, spaces_to_meet_in
from community.flows.events import EventFacts
from community.models import Event, Space
from kit.clock import zone


class EventForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    space = forms.ModelChoiceField(label=_("For whom?"), queryset=Space.objects.none(), required=False, empty_label=_("everyone"))
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=10_080, initial=60)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    place = forms.ChoiceField(label=_("Where?"), choices=Event.Place.choices, widget=forms.RadioSelect, initial="online")
    join_url = forms.CharField(
        label=_("Address of the room"),
        max_length=500,
        required=False,
        widget=forms.URLInput,
        help_text=_("On-line: shown to who has a seat, and to nobody else."),
    )
    venue = forms.CharField(label=_("Name of the place"), max_length=120, required=False)
    address = forms.CharField(label=_("Street and town"), max_length=200, required=False)
    map_url = forms.CharField(label=_("Link to a map"), max_length=500, required=False, widget=forms.URLInput)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000, initial=20)
    is_sold = forms.TypedChoiceField(
        label=_("What does a seat cost?"),
        choices=[("", _("nothing: one press takes it")), ("yes", _("it is sold through the shop"))],
        coerce=bool,
        required=False,
        empty_value=False,
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=_("What happens there?"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown works: **bold**, *emphasis*, lists, links."),
    )

    def __init__(self, *args: Any, user: Any, event: Event | None = None, seats: int = 0, **kwargs: Any) -> None:
        kwargs["initial"] = {
            **(self._facts(event, seats) if event else {"time_zone": user.time_zone}),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        zones = {kwargs["initial"]["time_zone"], *settings.WAGTAIL_USER_TIME_ZONES}
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = [(name, name.replace("_", " ")) for name in sorted(zones)]
        field = cast(forms.ModelChoiceField, self.fields["space"])
        if event is not None:
            del self.fields["space"]
        else:
            field.queryset = spaces_to_meet_in(user)
            if not may_make(user):
                field.empty_label, field.required = None, True

    @staticmethod
    def _facts(event: Event, seats: int) -> dict[str, Any]:
        local = event.local_start
        plain = ("title", "minutes", "time_zone", "place", "join_url", "venue", "address", "map_url", "source")
        kept = {name: getattr(event, name) for name in plain}
        return kept | {"day": local.date(), "time": local.time(), "seats": seats, "is_sold": "yes" if event.is_sold else ""}

    def facts(self) -> EventFacts:
        data = dict(self.cleaned_data)
        local = datetime.combine(data.pop("day"), data.pop("time"), zone(data["time_zone"]))
        for name in ("space", "seats"):
            data.pop(name, None)
        return EventFacts(**data, starts_at=local.astimezone(UTC))


class CancelForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ManyPictures(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several files at once; what they are is judged by the flow."""

    widget = ManyPictures

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PicturesField, self).clean(file, initial) for file in files if file]


class ReportForm(forms.Form):
    use_required_attribute = False
    text = forms.CharField(
        label=_("What happened?"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Markdown works: **bold**, *emphasis*, lists, links."),
    )
    recording_url = forms.CharField(
        label=_("Link to a recording"),
        max_length=500,
        required=False,
        widget=forms.URLInput,
        help_text=_("Whoever may see this event sees it."),
    )
    pictures = PicturesField(
        label=_("Pictures"),
        required=False,
        widget=ManyPictures(attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp"}),
    )
    in_space = forms.BooleanField(label=_("Tell it in a new topic of the space"), required=False, initial=True)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, initial={"text": event.report, "recording_url": event.recording_url, "in_space": True}, **kwargs)
        if event.space_id is None or event.topic_id is not None:
            del self.fields["in_space"]

"""The form of a live session: date and time are the class's own."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort, LiveSession, Media
from kit.clock import zone


class LiveForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=140)
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=600, initial=60)
    join_url = forms.URLField(
        label=_("Address of the room"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Shown to the class alone, from a quarter of an hour before."),
    )
    recording = forms.ModelChoiceField(label=_("Recording of the session"), queryset=Media.objects.none(), required=False)

    def __init__(self, *args: Any, cohort: Cohort, session: LiveSession | None = None, **kwargs: Any) -> None:
        self.cohort = cohort
        super().__init__(*args, initial=self._facts(session), **kwargs)
        self.fields["time"].help_text = _("Time of the class: %(zone)s") % {"zone": cohort.time_zone}
        if session is None:
            del self.fields["recording"]
        else:
            rows = Media.objects.filter(course=cohort.course_id, kind__in=["video", "audio"]).order_by("-pk")
            self.fields["recording"].queryset = rows  # type: ignore[attr-defined]

    def _facts(self, session: LiveSession | None) -> dict[str, Any]:
        if session is None:
            return {}
        local = session.starts_at.astimezone(zone(self.cohort.time_zone))
        return {
            "title": session.title,
            "day": local.date(),
            "time": local.time(),
            "minutes": session.minutes,
            "join_url": session.join_url,
            "recording": session.recording_id,
        }

    def clean_join_url(self) -> str:
        address = str(self.cleaned_data["join_url"])
        if address and not address.startswith("https://"):
            raise forms.ValidationError(_("Please give an address that begins with https://."))
        return address

    def times(self) -> dict[str, Any]:
        """What the flows take: the start as an instant."""
        data = self.cleaned_data
        local = datetime.combine(data["day"], data["time"], zone(self.cohort.time_zone))
        return {
            "title": data["title"],
            "starts_at": local.astimezone(UTC),
            "minutes": data["minutes"],
            "join_url": data["join_url"],
        }

"""Forms of a space's door and of its owners' pages. Who someone is and which space it is, no form asks."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from accounts.forms import zone_choices
from community import ways
from community.door import Door
from community.flows.governing import Plan
from community.models import Membership, Recurring, Space, Topic
from kit.clock import local_date, now

LONGEST_ANSWER = 2000


class DoorForm(forms.Form):
    """What the space asks at its door: a code, answers, a document, its rules, interests."""

    use_required_attribute = False

    def __init__(self, *args: Any, door: Door, chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        space, asks = door.space, "" if door.is_member else door.way
        if asks == "code":
            attrs = {"autocomplete": "off", "autocapitalize": "characters"}
            self.fields["code"] = forms.CharField(label=_("Your code"), max_length=60, widget=forms.TextInput(attrs=attrs))
        if asks == "answers":
            for number, question in enumerate(space.questions):
                widget = forms.Textarea(attrs={"rows": 3})
                self.fields[f"answer_{number}"] = forms.CharField(label=question, max_length=LONGEST_ANSWER, widget=widget)
            if space.asks_proof:
                self.fields["proof"] = _proof_field()
        if space.interests:
            self.fields["interests"] = forms.MultipleChoiceField(
                label=_("What are you interested in?"),
                choices=[(tag, tag) for tag in space.interests],
                required=False,
                initial=chosen,
                widget=forms.CheckboxSelectMultiple,
            )
        must_accept = door.standing is None or not door.is_member or door.standing.must_accept
        if space.rules and must_accept:
            error = {"required": _("Please read and accept the rules of this space.")}
            self.fields["accept"] = forms.BooleanField(label=_("I have read the rules and keep to them"), error_messages=error)
            widget = forms.HiddenInput()
            self.fields["rules_version"] = forms.IntegerField(widget=widget, initial=space.rules_version, required=False)

    @property
    def accepted(self) -> int:
        """The version of the rules that the person saw and accepted; 0 for none."""
        return self.cleaned_data.get("rules_version") or 0 if self.cleaned_data.get("accept") else 0

    @property
    def interests(self) -> list[str]:
        return list(self.cleaned_data.get("interests", []))

    @property
    def answers(self) -> list[str]:
        return [value for name, value in self.cleaned_data.items() if name.startswith("answer_")]


def _proof_field() -> forms.FileField:
    return forms.FileField(
        label=_("Your proof"),
        help_text=_("A picture or a PDF. Only the moderators of this space see it; it is deleted with their decision."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )


class LinesField(forms.CharField):
    """A list, one entry a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.Textarea(attrs={"rows": 4}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class SpaceForm(forms.Form):
    """Everything that is settled of a space; makes a `Plan`."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name of the space"), max_length=120)
    description = forms.CharField(
        label=_("What is it for?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    way = forms.ChoiceField(label=_("How does one come in?"), choices=Space.Way.choices, widget=forms.RadioSelect)
    way_of = forms.ChoiceField(label=_("Of which course or class?"), required=False, help_text=_("For a class or for graduates."))
    questions = LinesField(label=_("Questions to answer"), help_text=_("One a line; for joining by answers and proof."))
    asks_proof = forms.BooleanField(label=_("Ask for a document as proof"), required=False)
    rules = forms.CharField(
        label=_("Rules"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everybody accepts them before writing, and again when you change them."),
    )
    interests = LinesField(label=_("Topics of interest"), help_text=_("One a line. Members choose among them when they join."))
    offers_allowed = forms.BooleanField(label=_("Offers of the shop may be shown"), required=False)
    referrals_allowed = forms.BooleanField(label=_("Referral links may be shared"), required=False)
    list_hidden = forms.BooleanField(label=_("Hide the list of members"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone of the calendar"))

    def __init__(self, *args: Any, user: Any, space: Space | None = None, **kwargs: Any) -> None:
        start = {name: getattr(space, name) for name in self.base_fields} if space else {}
        first = {"way": Space.Way.SITE, "offers_allowed": True, "referrals_allowed": True, "time_zone": user.time_zone}
        super().__init__(*args, initial=start or first, **kwargs)
        self.fields["time_zone"].choices = zone_choices()  # type: ignore[attr-defined]
        if space is not None and space.about:
            for name in ("way", "way_of", "questions", "asks_proof"):
                del self.fields[name]
            return
        known = {**ways.choices_for("graduates", user), **ways.choices_for("cohort", user)}
        if space is not None and space.way_of:
            known.setdefault(space.way_of, ways.name_of(space.way_of) or space.way_of)
        self.fields["way_of"].choices = [("", _("none")), *known.items()]  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        return Plan(**{name: self.cleaned_data[name] for name in self.fields if name != "slug"})


class NewSpaceForm(SpaceForm):
    """A space that is still to be made, with its address."""

    slug = forms.CharField(
        label=_("Address"),
        max_length=80,
        required=False,
        validators=[validate_slug],
        help_text=_("Latin letters, digits and dashes. Empty: we make one up."),
    )
    field_order = ["name", "slug"]


class CopyForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(label=_("Name of the space"), max_length=120)
    slug = NewSpaceForm.base_fields["slug"]


class RoleForm(forms.Form):
    use_required_attribute = False
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, words: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, words[role]) for role in Membership.Role.values]  # type: ignore[attr-defined]


class PassForm(forms.Form):
    """A code or a link: how often, how long."""

    use_required_attribute = False
    code = forms.CharField(
        label=_("Code"), max_length=60, required=False, help_text=_("Six letters or digits at least. Empty: we make one up.")
    )
    max_uses = forms.IntegerField(label=_("How many may use it"), min_value=1, max_value=1_000_000, required=False)
    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=3650, required=False)

    def limits(self) -> dict[str, Any]:
        days = self.cleaned_data["days"]
        return {"max_uses": self.cleaned_data["max_uses"], "expires_at": now() + timedelta(days=days) if days else None}


class LinkForm(PassForm):
    code = None  # type: ignore[assignment]


class InviteForm(forms.Form):
    use_required_attribute = False
    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class RecurringForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("{date}, {year}, {month}, {day} and {number} are filled in.")
    )
    source = forms.CharField(label=_("Text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))
    kind = forms.ChoiceField(label=_("What kind of post is it?"), choices=Topic.Kind.choices)
    rhythm = forms.ChoiceField(label=_("How often?"), choices=Recurring.Rhythm.choices, widget=forms.RadioSelect)
    weekday = forms.ChoiceField(label=_("Weekday"), required=False, help_text=_("For every week."))
    monthday = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("For every month. In shorter months: the last day."),
    )
    every = forms.IntegerField(label=_("Number of days"), min_value=1, max_value=366, required=False)
    at = forms.TimeField(label=_("At what time?"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    first_on = forms.DateField(
        label=_("The first one not before"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        first = {"kind": Topic.Kind.EXPERIENCE, "rhythm": "weekly", "at": "08:00"}
        first["first_on"] = local_date(now(), space.time_zone).isoformat()
        super().__init__(*args, initial=first, **kwargs)
        self.fields["weekday"].choices = list(enumerate(WEEKDAYS))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = {"weekly": "weekday", "monthly": "monthday", "days": "every"}.get(values.get("rhythm", ""), "")
        step = values.get(name)
        if name and step in (None, ""):
            self.add_error(name, _("Please say which."))
        values["step"] = int(step) if step not in (None, "") else 0
        return values

    def values(self) -> dict[str, Any]:
        names = ("title", "source", "kind", "rhythm", "step", "at", "first_on")
        return {name: self.cleaned_data[name] for name in names}


WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]

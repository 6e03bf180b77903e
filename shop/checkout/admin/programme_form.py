"""The owner's form for a programme: its rules in percent and money, and the agreement's text."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit.money import figures, parse_amount
from shop.catalogue.models import Offer
from shop.referrals.legal import JURISDICTIONS, PlanRefused
from shop.referrals.models import Programme
from shop.referrals.rules import Rules

PERCENT: dict[str, Any] = {"min_value": 0, "max_value": 100, "decimal_places": 2, "max_digits": 5}
LIMITS = ("most_seat", "most_stock", "most_bonus")
MONEY = ("most_bonus", "bonus", "everyday", "campaign", "join_fee", "per_recruit")


class ProgrammeForm(forms.Form):
    """Amounts are in the shop's currency; `rules()` gives what was written, other currencies and offers as they were."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    offer = forms.ModelChoiceField(
        Offer.objects.none(), label=gettext_lazy("Only for this offer"), required=False, help_text=gettext_lazy("Empty: for all")
    )
    joining = forms.ChoiceField(label=gettext_lazy("Who may join"), choices=Programme.Joining.choices)
    is_open = forms.BooleanField(label=gettext_lazy("It runs"), required=False, initial=True)
    jurisdiction = forms.ChoiceField(
        label=gettext_lazy("Under the law of"), choices=[("", "—"), *JURISDICTIONS.items()], required=False
    )
    seat = forms.DecimalField(label=gettext_lazy("Of the course (%)"), **PERCENT)
    stock = forms.DecimalField(label=gettext_lazy("Of the kit (%)"), **PERCENT)
    bonus = forms.CharField(label=gettext_lazy("Bonus an order"), required=False)
    vest_share = forms.DecimalField(label=gettext_lazy("Of it only once the student gets there (%)"), **PERCENT)
    vest_day = forms.IntegerField(label=gettext_lazy("… namely to day"), min_value=1, max_value=365)
    window_days = forms.IntegerField(label=gettext_lazy("Window in days"), min_value=1, max_value=365)
    first_touch = forms.BooleanField(label=gettext_lazy("The first touch counts, not the latest"), required=False)
    new_customers_only = forms.BooleanField(label=gettext_lazy("New customers only"), required=False)
    show_recommender = forms.BooleanField(label=gettext_lazy("Pages say who recommended them"), required=False)
    disclosure = forms.CharField(label=gettext_lazy("Disclosure, for pages and posters"), max_length=200, required=False)
    everyday = forms.CharField(label=gettext_lazy("Price floor, every day"), required=False)
    campaign = forms.CharField(label=gettext_lazy("Price floor, in campaigns"), required=False)
    levels = forms.IntegerField(label=gettext_lazy("Levels that earn"), min_value=1, max_value=9)
    join_fee = forms.CharField(label=gettext_lazy("Fee to join"), required=False)
    per_recruit = forms.CharField(label=gettext_lazy("Paid for each person recruited"), required=False)
    most_seat = forms.DecimalField(label=gettext_lazy("Teachers may promise, of the course (%)"), required=False, **PERCENT)
    most_stock = forms.DecimalField(label=gettext_lazy("Teachers may promise, of the kit (%)"), required=False, **PERCENT)
    most_bonus = forms.CharField(label=gettext_lazy("Teachers may promise, as a bonus an order"), required=False)
    text = forms.CharField(label=gettext_lazy("The whole agreement"), widget=forms.Textarea(attrs={"rows": 12}), required=False)

    def __init__(self, data: Any, *, kept: Rules, programme: Programme | None = None, text: str = "") -> None:
        self.kept, self.currency = kept, settings.SHOP_CURRENCY
        super().__init__(data, initial={**_initial(kept, self.currency), "text": text, **_frame(programme)})
        if programme is None:
            offers = self.fields["offer"]
            assert isinstance(offers, forms.ModelChoiceField)
            offers.queryset = Offer.objects.filter(programme=None).order_by("title", "pk")
        else:
            del self.fields["offer"], self.fields["name"]
            if programme.offer_id is not None:  # the general programme's limits count
                for name in LIMITS:
                    del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in MONEY:
            values[name] = self._amount(name, values.get(name, ""))
        if not self.errors:
            try:
                self.rules()
            except PlanRefused as refused:
                for row in refused.refusals:
                    text = _("%(reason)s Source: %(source)s") % {
                        "reason": row.reason,
                        "source": f"{row.source} {row.url}".strip(),
                    }
                    self.add_error(row.what, text)
        return values

    def _amount(self, name: str, text: str) -> int:
        if not text.strip():
            return 0
        try:
            return parse_amount(text, self.currency)
        except ValueError:
            self.add_error(name, _("An amount, such as 5.00."))
            return 0

    def rules(self) -> Rules:
        """Raises PlanRefused."""
        values, kept = self.cleaned_data, self.kept.to_json()
        same = ("vest_day", "window_days", "first_touch", "new_customers_only", "show_recommender", "disclosure", "jurisdiction")
        floors = {
            name: {**kept["floors"].get(name, {}), self.currency: values[name]}
            for name in ("everyday", "campaign")
            if values[name]
        }
        return Rules(
            **{
                **kept,
                **{name: values[name] for name in (*same, "levels", "join_fee", "per_recruit")},
                "rates": {**kept["rates"], "seat": int(values["seat"] * 100), "stock": int(values["stock"] * 100)},
                "vest_share": int(values["vest_share"] * 100),
                "bonus": {**kept["bonus"], self.currency: values["bonus"]},
                "floors": floors,
                "limits": self._limits(),
            }
        )

    def _limits(self) -> dict[str, Any]:
        """What is not asked here, or left empty, stays as it is."""
        values, kept = self.cleaned_data, self.kept.limits
        if "most_bonus" not in self.fields:
            return kept
        rates = {name: int(values[f"most_{name}"] * 100) for name in ("seat", "stock") if values[f"most_{name}"] is not None}
        return {**kept, **rates, "bonus": {**kept.get("bonus", {}), self.currency: values["most_bonus"]}}


def _initial(rules: Rules, currency: str) -> dict[str, Any]:
    plain = rules.to_json()
    floors = {name: rules.floors.get(name, {}).get(currency, 0) for name in ("everyday", "campaign")}
    money = {"bonus": rules.bonus.get(currency, 0), **floors}
    most = rules.limits.get("bonus", {}).get(currency, 0)
    return {
        **plain,
        **{name: figures(amount, currency) if amount else "" for name, amount in money.items()},
        **{name: f"{Decimal(rules.rate_of(name)) / 100:g}" for name in ("seat", "stock")},
        "vest_share": f"{Decimal(rules.vest_share) / 100:g}",
        **{f"most_{name}": f"{Decimal(rules.limits.get(name, 0)) / 100:g}" for name in ("seat", "stock")},
        "most_bonus": figures(most, currency) if most else "",
        "join_fee": "",
        "per_recruit": "",
    }


def _frame(programme: Programme | None) -> dict[str, Any]:
    return {"joining": programme.joining, "is_open": programme.is_open} if programme else {"joining": "open"}

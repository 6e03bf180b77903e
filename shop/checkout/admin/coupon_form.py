"""The form that makes a coupon. Teachers name offers of their own; the owner may take everything, and name a referrer."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import OWNER, has_role
from community.models import Space
from courses.models import Cohort
from courses.permissions import Can, taught_courses
from kit.money import parse_amount
from shop.catalogue.flows import CouponTerms
from shop.catalogue.models import Offer, Price


def own_offers(user: Any) -> QuerySet[Offer]:
    """What this person may give a discount on: the owner on everything, a teacher on what they sell."""
    rows = Offer.objects.order_by("title", "pk")
    return rows if has_role(user, OWNER) else rows.filter(seller=user)


def own_spaces(user: Any) -> QuerySet[Space]:
    """Spaces whose members this person may favour: a teacher's are those of the own classes."""
    rows = Space.objects.filter(archived_at=None).order_by("name", "pk")
    if has_role(user, OWNER):
        return rows
    cohorts = Cohort.objects.filter(course__in=taught_courses(user, Can.SET_PRICE))
    return rows.filter(about__in=[cohort.seat_ref for cohort in cohorts])


class NewCoupon(forms.Form):
    """Terms of a coupon as a person writes them; `terms()` gives them as the flow wants them."""

    code = forms.CharField(label=gettext_lazy("Coupon code"), max_length=40)
    note = forms.CharField(label=gettext_lazy("What it is for"), max_length=120, required=False)
    percent = forms.DecimalField(label=gettext_lazy("Percent off"), min_value=0, max_value=100, decimal_places=2, required=False)
    offers = forms.ModelMultipleChoiceField(
        Offer.objects.none(), label=gettext_lazy("For these offers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    valid_from = forms.DateTimeField(
        label=gettext_lazy("Valid from"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    valid_to = forms.DateTimeField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    max_uses = forms.IntegerField(label=gettext_lazy("Uses in all"), min_value=1, required=False)
    per_person = forms.IntegerField(label=gettext_lazy("Uses per person"), min_value=1, required=False, initial=1)
    space = forms.ModelChoiceField(Space.objects.none(), label=gettext_lazy("Only for members of"), required=False)
    referrer = forms.EmailField(
        label=gettext_lazy("Credit this referrer"), required=False, help_text=gettext_lazy("E-mail address of their account")
    )

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        self.is_owner = has_role(user, OWNER)
        self.fields["offers"].queryset = own_offers(user)  # type: ignore[attr-defined]
        self.fields["space"].queryset = own_spaces(user)  # type: ignore[attr-defined]
        if self.is_owner:
            self.fields["offers"].help_text = _("None ticked: everything that is for sale.")
        else:
            del self.fields["referrer"]
        sold = Price.objects.filter(offer__in=own_offers(user))
        self.currencies = sorted(set(sold.values_list("currency", flat=True)))
        for currency in self.currencies:
            self.fields[f"off_{currency}"] = _money(_("%(currency)s off"), currency)
            self.fields[f"least_{currency}"] = _money(_("Smallest basket in %(currency)s"), currency)

    def clean_offers(self) -> QuerySet[Offer]:
        chosen: QuerySet[Offer] = self.cleaned_data["offers"]
        if not chosen and not self.is_owner:
            raise forms.ValidationError(_("Choose the offers of yours that it is for."))
        return chosen

    def clean_referrer(self) -> User | None:
        address = self.cleaned_data["referrer"]
        found = User.objects.filter(email__iexact=address, is_active=True).first() if address else None
        if address and found is None:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in [f"{kind}_{currency}" for currency in self.currencies for kind in ("off", "least")]:
            try:
                values[name] = parse_amount(values[name], name[-3:]) if values.get(name) else 0
            except ValueError as error:
                self.add_error(name, str(error))
        return values

    def terms(self) -> CouponTerms:
        values = self.cleaned_data
        percent = values["percent"]
        return CouponTerms(
            code=values["code"],
            note=values["note"],
            percent=int(percent * Decimal(100)) if percent else None,
            off={code: values[f"off_{code}"] for code in self.currencies if values[f"off_{code}"]},
            least={code: values[f"least_{code}"] for code in self.currencies if values[f"least_{code}"]},
            offers=list(values["offers"]),
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
            max_uses=values["max_uses"],
            per_person=values["per_person"],
            space=values["space"],
            referrer=values.get("referrer"),
        )


def _money(label: str, currency: str) -> forms.CharField:
    return forms.CharField(label=label % {"currency": currency}, max_length=20, required=False)

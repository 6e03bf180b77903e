"""/admin/shop/holiday/: a seller says when they are away; the owner does it for anybody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.backoffice import admin_page, for_roles
from accounts.models import User
from accounts.roles import INSTRUCTOR, OWNER, has_role
from shop.catalogue.flows import CannotSetHoliday, end_holiday
from shop.catalogue.holidays import Holiday, today
from shop.catalogue.promise import after_working_days
from shop.checkout.flows import begin_holiday


class Sellers(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class HolidayForm(forms.Form):
    seller = Sellers(User.objects.none(), label=gettext_lazy("Seller"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Meanwhile"), choices=Holiday.Kind.choices, widget=forms.RadioSelect, initial=Holiday.Kind.PAUSE
    )
    until = forms.DateField(label=gettext_lazy("Back on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, sellers: Any) -> None:
        """Whoever sells alone is not asked who they are."""
        super().__init__(data)
        field = self.fields["seller"]
        assert isinstance(field, Sellers)
        field.queryset = sellers
        if len(sellers) == 1:
            self.initial["seller"], field.widget = sellers[0], forms.HiddenInput()


def sellers_for(user: Any) -> Any:
    """Whose holidays this person sets: their own, everybody's who sells for the owner."""
    if has_role(user, OWNER):
        return User.objects.filter(Q(offers__isnull=False) | Q(skus__isnull=False)).distinct().order_by("name", "pk")
    return User.objects.filter(pk=user.pk)


@for_roles(OWNER, INSTRUCTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def holiday(request: HttpRequest) -> HttpResponse:
    sellers = sellers_for(request.user)
    form = HolidayForm(request.POST or None, sellers)
    if form.is_bound and form.is_valid():
        try:
            begin_holiday(actor=request.user, **form.cleaned_data)
            messages.success(request, _("It is written down. Buyers who wait for a parcel are told."))
            return redirect("shop_holiday")
        except CannotSetHoliday as refusal:
            form.add_error("until", str(refusal))
    rows = Holiday.objects.filter(seller__in=sellers, until__gt=today()).select_related("seller").order_by("until", "pk")
    context = {"form": form, "rows": [(row, after_working_days(row.until)) for row in rows]}
    return admin_page(request, "shop/admin/holiday.html", context, title=_("Holiday"), icon="calendar-alt")


@for_roles(OWNER, INSTRUCTOR)
@require_POST
def back(request: HttpRequest, seller_id: int) -> HttpResponse:
    """They are back before the day."""
    end_holiday(seller=get_object_or_404(sellers_for(request.user), pk=seller_id), actor=request.user)
    messages.success(request, _("Welcome back: everything is for sale again."))
    return redirect("shop_holiday")

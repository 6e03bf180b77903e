"""/admin/shop/zones/: where goods are sent and what it costs; what is sold where they are not. The owner's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER
from shop.catalogue.countries import country_name, names_of
from shop.catalogue.flows import CannotSetZone, drop_tariff, drop_zone, sell_without_kit, set_tariff, set_zone
from shop.catalogue.models import Component, Offer, Price, ShippingTariff, ShippingZone
from shop.checkout.admin.zone_forms import TariffForm, ZoneForm


def title_of(zone: ShippingZone) -> str:
    """The name it was given, else the first of its countries."""
    codes = list(dict.fromkeys(area.country for area in zone.areas.all()))
    return zone.name or names_of(codes[:2]) + (" …" if len(codes) > 2 else "")


@for_roles(OWNER)
@require_safe
def zones(request: HttpRequest) -> HttpResponse:
    """All zones with their tariffs; offers with goods, and what is sold instead. A fixed number of queries."""
    rows = ShippingZone.objects.prefetch_related("areas", "tariffs__rates").order_by("pk")
    context = {"zones": [(zone, title_of(zone), _places(zone), _tariffs(zone)) for zone in rows], "offers": _kits()}
    return admin_page(request, "shop/admin/zones.html", context, title=_("Delivery"), icon="globe")


def _places(zone: ShippingZone) -> list[str]:
    return [f"{country_name(area.country)} {area.prefix}{'…' if area.prefix else ''}".strip() for area in zone.areas.all()]


def _tariffs(zone: ShippingZone) -> list[tuple[ShippingTariff, list[Any]]]:
    """Lightest first; a rate for any weight is the last."""
    return [
        (tariff, sorted(tariff.rates.all(), key=lambda rate: (rate.up_to_g is None, rate.up_to_g)))
        for tariff in sorted(zone.tariffs.all(), key=lambda tariff: tariff.currency)
    ]


def _kits() -> list[tuple[Offer, list[Offer]]]:
    """Offers of a course with goods, and the offers of the same course without."""
    rows = Offer.objects.exclude(course=None).exclude(state=Offer.State.CLOSED).order_by("title", "pk")
    listed = list(rows)
    parts = Component.objects.filter(bundle__is_current=True, bundle__offer__in=listed, kind=Component.Kind.STOCK)
    heavy = set(parts.values_list("bundle__offer", flat=True))
    bare = [offer for offer in listed if offer.pk not in heavy]
    return [(offer, [other for other in bare if other.course_id == offer.course_id]) for offer in listed if offer.pk in heavy]


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new zone, without rates yet."""
    form = ZoneForm(request.POST or None)
    if form.is_bound and form.is_valid() and (zone := _save(request, form, None)) is not None:
        return redirect("shop_zone", zone.pk)
    return _zone_page(request, _("New zone"), {"form": form})


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def zone(request: HttpRequest, zone_id: int) -> HttpResponse:
    """A zone's places, and its rates in each currency that is sold in."""
    row = get_object_or_404(ShippingZone, pk=zone_id)
    form = ZoneForm(request.POST or None, initial=ZoneForm.values_of(row))
    if form.is_bound and form.is_valid() and _save(request, form, row) is not None:
        return redirect("shop_zone", row.pk)
    return _zone_page(request, title_of(row), {"form": form, "zone": row, "tariffs": _tariff_forms(row)})


def _zone_page(request: HttpRequest, title: str, context: dict[str, Any]) -> HttpResponse:
    parents = [(_("Delivery"), reverse("shop_zones"))]
    return admin_page(request, "shop/admin/zone.html", context, title=title, icon="globe", parents=parents)


def _tariff_forms(row: ShippingZone, bound: TariffForm | None = None) -> list[TariffForm]:
    known = {tariff.currency: tariff for tariff in row.tariffs.prefetch_related("rates")}
    sold = set(Price.objects.filter(valid_to=None).values_list("currency", flat=True))
    forms = [TariffForm(None, currency, known.get(currency)) for currency in sorted(sold | known.keys())]
    return [bound if bound is not None and form.currency == bound.currency else form for form in forms]


def _save(request: HttpRequest, form: ZoneForm, row: ShippingZone | None) -> ShippingZone | None:
    try:
        saved = set_zone(zone=row, name=form.cleaned_data["name"], areas=form.areas(), actor=request.user)
    except CannotSetZone as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("The zone is saved."))
    return saved


@for_roles(OWNER)
@require_POST
def tariff(request: HttpRequest, zone_id: int, currency: str) -> HttpResponse:
    """The zone's rates in a currency; all left empty: it is not sent to in that currency."""
    row, code = get_object_or_404(ShippingZone, pk=zone_id), currency.upper()
    form = TariffForm(request.POST, code, None)
    if form.is_valid():
        try:
            if steps := form.steps():
                values = {"free_from": form.cleaned_data["free_from"], "tax_inclusive": form.cleaned_data["tax"] == "in"}
                set_tariff(zone=row, currency=code, steps=steps, actor=request.user, **values)
            else:
                drop_tariff(zone=row, currency=code, actor=request.user)
            messages.success(request, _("The rates are saved. Orders that were placed keep theirs."))
            return redirect("shop_zone", row.pk)
        except CannotSetZone as refusal:
            form.add_error(None, str(refusal))
    context = {"form": ZoneForm(initial=ZoneForm.values_of(row)), "zone": row, "tariffs": _tariff_forms(row, form)}
    return _zone_page(request, title_of(row), context)


@for_roles(OWNER)
@require_POST
def drop(request: HttpRequest, zone_id: int) -> HttpResponse:
    """Its places are no longer sent to."""
    drop_zone(zone=get_object_or_404(ShippingZone, pk=zone_id), actor=request.user)
    messages.success(request, _("The zone is gone: nothing is sent there any more."))
    return redirect("shop_zones")


@for_roles(OWNER)
@require_POST
def without_kit(request: HttpRequest, offer_id: int) -> HttpResponse:
    """What is sold where this offer's goods are not sent."""
    offer, chosen = get_object_or_404(Offer, pk=offer_id), request.POST.get("instead", "")
    instead = get_object_or_404(Offer, pk=chosen) if chosen.isdecimal() and len(chosen) < 19 else None
    try:
        sell_without_kit(offer=offer, instead=instead, actor=request.user)
        messages.success(request, _("Saved."))
    except ValueError as refusal:
        messages.error(request, str(refusal))
    return redirect("shop_zones")

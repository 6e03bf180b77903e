"""/admin/shop/coupons/: make, pause and watch. A teacher's are of the own offers; another's are a 404."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import INSTRUCTOR, OWNER, has_role
from shop.catalogue.flows import CannotMakeCoupon, create_coupon, pause_coupon, resume_coupon
from shop.checkout.admin.coupon_form import NewCoupon
from shop.checkout.admin.coupon_reads import coupons_of, results, state_of
from shop.orders.models import CouponUse
from shop.orders.texts import with_status

STATES = {
    "live": gettext_lazy("holds"),
    "soon": gettext_lazy("not yet"),
    "paused": gettext_lazy("paused"),
    "over": gettext_lazy("over"),
    "used_up": gettext_lazy("used up"),
}


@for_roles(OWNER, INSTRUCTOR)
@require_safe
def coupons(request: HttpRequest) -> HttpResponse:
    page = page_of(request, coupons_of(request.user).filter(batch=""))
    found = results(page.object_list)
    rows = [(row, STATES[state_of(row)], found[row.pk]) for row in page.object_list]
    context = {"page": page, "rows": rows, "is_owner": has_role(request.user, OWNER)}
    return admin_page(request, "shop/admin/coupons.html", context, title=_("Coupons"), icon="tag")


@for_roles(OWNER, INSTRUCTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = NewCoupon(request.POST if request.method == "POST" else None, request.user)
    if form.is_bound and form.is_valid():
        try:
            made = create_coupon(terms=form.terms(), actor=request.user)
        except CannotMakeCoupon as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(code)s can be used now.") % {"code": made.code})
            return redirect("shop_coupon", made.pk)
    return admin_page(request, "shop/admin/coupon_new.html", {"form": form}, title=_("New coupon"), icon="tag", parents=_above())


@for_roles(OWNER, INSTRUCTOR)
@require_safe
def coupon(request: HttpRequest, coupon_id: int) -> HttpResponse:
    row = get_object_or_404(coupons_of(request.user), pk=coupon_id)
    uses = CouponUse.objects.filter(coupon=row).select_related("order__gift").prefetch_related("order__lines__components")
    page = page_of(request, uses.order_by("-pk"))
    listed = {order.pk: status for order, status in with_status(request, [use.order for use in page.object_list])}
    context = {
        "coupon": row,
        "state": STATES[state_of(row)],
        "result": results([row])[row.pk],
        "page": page,
        "uses": [(use, listed[use.order.pk]) for use in page.object_list],
    }
    return admin_page(request, "shop/admin/coupon.html", context, title=row.code, icon="tag", parents=_above())


@for_roles(OWNER, INSTRUCTOR)
@require_POST
def switch(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """Pause it, or let it hold again."""
    row = get_object_or_404(coupons_of(request.user), pk=coupon_id)
    if request.POST.get("action") == "pause":
        pause_coupon(coupon=row, actor=request.user)
    elif request.POST.get("action") == "resume":
        resume_coupon(coupon=row, actor=request.user)
    return redirect("shop_coupon", row.pk)


def _above() -> list[tuple[Any, str]]:
    return [(_("Coupons"), reverse("shop_coupons"))]

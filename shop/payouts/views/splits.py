"""/admin/shop/shares/: how each offer's revenue is shared among teachers and the yard. The owner's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import OWNER
from shop.catalogue.models import Offer
from shop.payouts import flows, reads
from shop.payouts.example import examples
from shop.payouts.forms import SharesForm


@for_roles(OWNER)
@require_safe
def splits(request: HttpRequest) -> HttpResponse:
    """Every offer with the shares in force."""
    page = page_of(request, reads.offers_by_title())
    now = reads.shares_in_force([offer.pk for offer in page.object_list])
    context = {"page": page, "rows": [(offer, now.get(offer.pk)) for offer in page.object_list]}
    return admin_page(request, "shop/payouts/splits.html", context, title=_("Teachers' shares"), icon="group")


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, offer_id: int) -> HttpResponse:
    """An offer's shares, what they mean in money, and every version; a new one by POST (`action` try: only look)."""
    offer = get_object_or_404(Offer, pk=offer_id)
    versions = reads.versions_of(offer)
    shares: dict[int | None, int] = reads.points_of(versions[0]) if versions else {None: 10_000}
    form = SharesForm(request.POST if request.method == "POST" else None, teachers=reads.teachers(shares), shares=shares)
    if form.is_bound and form.is_valid():
        shares = form.shares()
        if request.POST.get("action") == "save" and _save(request, offer, form):
            return redirect("shop_split", offer.pk)
    context = {
        "offer": offer,
        "form": form,
        "versions": versions,
        "examples": examples(offer, reads.names_of(shares)),
    }
    parents = [(_("Teachers' shares"), reverse("shop_splits"))]
    return admin_page(request, "shop/payouts/split.html", context, title=offer.title, icon="group", parents=parents)


def _save(request: HttpRequest, offer: Offer, form: SharesForm) -> bool:
    try:
        flows.change_split(offer=offer, shares=form.shares(), actor=request.user)
    except flows.CannotShare as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Shared like this from now on. Orders that were paid keep their shares."))
    return True

"""/admin/new-course/<course>/next-class/: one screen, and the next class is on sale."""

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.backoffice import admin_page
from courses.permissions import Can, may, taught_courses
from pages.guided.forms.next_class import NextClassForm
from pages.guided.next_class import class_of, last_offer, open_next_class, suggested
from pages.guided.views.frame import teachers_only
from shop.catalogue.models import Price
from stock.models import StockItem


@teachers_only
def next_class(request: HttpRequest, course_id: int) -> HttpResponse:
    """Ask for what differs, copy the rest. For who may open classes; the price for who may set it."""
    course = get_object_or_404(taught_courses(request.user, Can.OPEN_CLASS).select_related("teacher"), pk=course_id)
    former = last_offer(course)
    price = Price.objects.filter(offer=former, valid_to=None).order_by("pk").first() if former else None
    if former is None or price is None:
        raise Http404
    cohort = class_of(former)
    seats = StockItem.objects.filter(ref=cohort.seat_ref).values_list("on_hand", flat=True).first() or 1
    initial = {**suggested(former, seats), "key": secrets.token_hex(8)}
    prices = may(request.user, course, Can.SET_PRICE)
    form = NextClassForm(request.POST or None, initial=initial, currency=price.currency, prices=prices)
    if request.method == "POST" and form.is_valid():
        offer = open_next_class(course=course, plan=form.plan(), key=form.cleaned_data["key"], actor=request.user)
        messages.success(request, _("%(title)s is on sale.") % {"title": offer.title})
        return redirect("catalogue:offer", offer_slug=offer.slug)
    context = {"course": course, "cohort": cohort, "form": form, "former": former, "price": price}
    parents = [(_("My courses"), reverse("guided:courses"))]
    title = _("Open the next class")
    return admin_page(request, "pages/guided/next_class.html", context, title=title, icon="glasses", parents=parents)

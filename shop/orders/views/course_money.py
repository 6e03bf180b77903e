"""/teach/courses/<course>/money/: what a course brings in, and what it costs, for whose role allows either."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.permissions import Can, actions_of, taught_course
from courses.views.teach import teachers_only
from shop.catalogue.models import Offer
from shop.catalogue.price_form import PriceForm
from shop.catalogue.reads import prices_of
from shop.orders.course_income import course_income


@teachers_only
@require_http_methods(["GET", "HEAD", "POST"])
def money(request: HttpRequest, course_slug: str) -> HttpResponse:
    course = taught_course(request.user, course_slug)
    allowed = actions_of(request.user, course)
    if not allowed & {Can.SEE_INCOME, Can.SET_PRICE} or (request.method == "POST" and Can.SET_PRICE not in allowed):
        raise Http404
    offers = Offer.objects.filter(course=course).order_by("-pk")
    form = PriceForm(request.POST if request.method == "POST" else None, offers=offers)
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, form.save(request.user))
            return redirect("orders:course_money", course_slug)
        except ValueError as refusal:
            form.add_error("price", str(refusal))
    context = {
        "course": course,
        "income": course_income(course) if Can.SEE_INCOME in allowed else None,
        "form": form if Can.SET_PRICE in allowed else None,
        "prices": prices_of(offers),
        "title": _("Income and prices"),
    }
    return render(request, "shop/course_money.html", context, status=422 if form.is_bound and form.errors else 200)

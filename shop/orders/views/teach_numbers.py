"""/teach/numbers/: how classes end."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.views.teach import teachers_only
from shop.orders.returning import class_numbers


@teachers_only
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Who finished, and who bought again, class by class."""
    return render(request, "shop/teach_numbers.html", {"classes": class_numbers(request.user)})

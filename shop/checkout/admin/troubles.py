"""What went wrong with money and waits for the owner.

Orders to check, failed refunds, returned goods not refunded, failed webhooks.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER
from shop.checkout.admin import reads


@for_roles(OWNER)
@require_safe
def failed_refunds(request: HttpRequest) -> HttpResponse:
    context = {
        "review": list(reads.orders_to_review()[:100]),
        "refunds": list(reads.failed_refunds()[:100]),
        "returned": list(reads.returned_unrefunded()[:100]),
        "events": list(reads.stuck_events().order_by("-pk")[:100]),
    }
    return admin_page(request, "shop/admin/troubles.html", context, title=_("To look at"), icon="warning")

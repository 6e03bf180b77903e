"""/webhooks/stripe/: where Stripe tells us what happened."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.checkout.flows.events import receive_event
from shop.payments.stripe import BadSignature, verify_event


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store a signed event and answer; processing follows after commit.

    Exempt from CSRF tokens because Stripe has none: the signature over the raw body is the proof, checked before
    anything is parsed. Without it nothing is stored (400).
    """
    try:
        facts = verify_event(request.body, request.headers.get("Stripe-Signature", ""))
    except BadSignature:
        return HttpResponse("bad signature", status=400, content_type="text/plain")
    receive_event(facts=facts)
    return HttpResponse(status=204)

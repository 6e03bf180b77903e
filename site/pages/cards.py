"""/cards/<kind>/<slug>.jpg: the picture beside a shared link, drawn once for what stands on it."""

from dataclasses import astuple
from hashlib import sha256
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kit import share_cards
from kit.share_cards import ShareCard
from kit.storage import PublicStorage, StorageFault
from shop.referrals.drawing import draw_card

# Another look of cards draws them anew.
LOOK = 1


@require_safe
@cache_control(public=True, max_age=3600)
def card(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """JPEG of 1200 × 630, for everybody; Http404 for what is not public."""
    found = share_cards.card(kind, slug)
    if found is None:
        raise Http404("nothing to show")
    return HttpResponse(_kept(found), content_type="image/jpeg")


def _kept(found: ShareCard) -> bytes:
    """As it was drawn before, else drawn and kept; drawn alone where storage does not answer."""
    words = (LOOK, settings.WAGTAIL_SITE_NAME, *astuple(found))
    key, store = f"cards/{sha256(repr(words).encode()).hexdigest()[:32]}.jpg", PublicStorage()
    try:
        if store.exists(key):
            return bytes(store.open(key).read())
        drawn = draw_card(found.title, found.price, settings.WAGTAIL_SITE_NAME, _art(found.art))
        store.save(key, ContentFile(drawn))
    except (OSError, *StorageFault):
        return draw_card(found.title, found.price, settings.WAGTAIL_SITE_NAME, None)
    return drawn


def _art(name: str) -> bytes | None:
    """A missing picture is no reason to show nothing."""
    if not name or not PublicStorage().exists(name):
        return None
    out = BytesIO()
    PublicStorage().fetch(name, out)
    return out.getvalue()

"""What posters hold of a person, and what goes with them (kit.persons). Links and commissions: shop/checkout/privacy.py."""

from typing import Any

from kit import persons
from shop.referrals.flows import remove_picture
from shop.referrals.models import PosterPicture


def register_all() -> None:
    persons.register("posters", export=export, erase=erase)


def export(user: Any) -> dict[str, Any]:
    """Pictures on posters, and since when homework is shown there."""
    rows = PosterPicture.objects.filter(link__owner=user)
    return {"pictures": list(rows.values("link__code", "created_at", "consented_at"))}


def erase(user: Any) -> None:
    """The pictures go; whoever has saved a poster keeps it."""
    for row in PosterPicture.objects.filter(link__owner=user).select_related("link"):
        remove_picture(link=row.link)

"""A person's address book. Orders keep copies of their own."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import Address, User
from kit.addresses import checked


@transaction.atomic
def save_address(*, user: User, name: str, phone: str, parts: Mapping[str, str]) -> Address:
    """Add an address; the first one is the default. Raises kit.addresses.InvalidAddress."""
    clean = checked(parts)
    first = not Address.objects.filter(user=user).exists()
    return Address.objects.create(user=user, name=name, phone=phone, is_default=first, **clean)


@transaction.atomic
def make_default(*, address: Address) -> None:
    """The one that a checkout proposes."""
    Address.objects.filter(user=address.user_id, is_default=True).update(is_default=False)
    Address.objects.filter(pk=address.pk).update(is_default=True)


@transaction.atomic
def delete_address(*, address: Address) -> None:
    """Remove it; the newest of the others becomes the default."""
    was_default, owner = address.is_default, address.user_id
    address.delete()
    heir = Address.objects.filter(user=owner).order_by("-pk").first()
    if was_default and heir is not None:
        make_default(address=heir)

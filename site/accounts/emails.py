"""Whose e-mail address is it? Spellings of one mailbox count as one."""

from allauth.account.models import EmailAddress


def folded_email(address: str) -> str:
    """Lower case, without a plus part: lin+shop@x.test is lin@x.test."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def verified_emails(user_id: int) -> set[str]:
    """An account's verified addresses, folded."""
    addresses = EmailAddress.objects.filter(user=user_id, verified=True).values_list("email", flat=True)
    return {folded_email(address) for address in addresses}


def owners_of(address: str) -> set[int]:
    """Accounts that have verified this address in any spelling."""
    folded = folded_email(address)
    local, _at, domain = folded.rpartition("@")
    alike = EmailAddress.objects.filter(verified=True, email__istartswith=local, email__iendswith=f"@{domain}")
    return {row.user_id for row in alike if folded_email(row.email) == folded}

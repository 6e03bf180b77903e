from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import feeding, searching
        from accounts.flows.privacy import erase_own_part, export_account
        from accounts.roles import ensure_roles_after_migrate
        from kit import persons

        persons.register("account", export=export_account, erase=erase_own_part)
        searching.register_all()
        feeding.register_all()
        post_migrate.connect(ensure_roles_after_migrate, sender=self)

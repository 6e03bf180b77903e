from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "shop.referrals"
    verbose_name = "Referrals"

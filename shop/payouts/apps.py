from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "shop.payouts"
    verbose_name = "Payouts"

    def ready(self) -> None:
        from kit import slots
        from shop.payouts.slots import fill_income, fill_payouts

        slots.fill("teach.income", fill_income)
        slots.fill("promote.payouts", fill_payouts)

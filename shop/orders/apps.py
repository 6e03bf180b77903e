from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class OrdersConfig(AppConfig):
    name = "shop.orders"
    verbose_name = "Orders"

    def ready(self) -> None:
        from kit import slots
        from shop.orders import talk
        from shop.orders.course_income import fill_course_money
        from shop.orders.signals import claim_on_login

        slots.fill("teach.course", fill_course_money)
        slots.fill("teach.more", lambda _request, **_place: ("shop/teach_more.html", {}))
        talk.register_all()
        user_logged_in.connect(claim_on_login, dispatch_uid="shop.orders.claim_on_login")

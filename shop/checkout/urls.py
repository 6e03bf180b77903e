from django.urls import path

from shop.checkout.views import checkout, jump, personal
from shop.checkout.views.gift import redeem
from shop.checkout.views.webhook import webhook

app_name = "checkout"
urlpatterns = [
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/pay/<str:number>/", checkout.pay, name="pay"),
    path("checkout/cancel/<str:number>/", checkout.cancel, name="cancel"),
    path("checkout/refund-account/<str:number>/", checkout.refund_account, name="refund_account"),
    path("checkout/done/<str:number>/", checkout.done, name="done"),
    path("messages/<int:conversation_id>/offer/", personal.make, name="personal_make"),
    path("personal-offers/<int:offer_id>/take/", personal.take, name="personal_take"),
    path("personal-offers/<int:offer_id>/end/", personal.end, name="personal_end"),
    path("redeem/<str:code>/", redeem, name="redeem"),
    path("checkout/jump/<str:token>/", jump.jump, name="jump"),
    path("webhooks/stripe/", webhook, name="webhook"),
]

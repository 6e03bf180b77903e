from django.urls import path

from shop.referrals.views import promote
from shop.referrals.views.link import follow

app_name = "referrals"
urlpatterns = [
    path("r/<slug:code>/", follow, name="link"),
    path("promote/", promote.promote, name="promote"),
    path("promote/join/", promote.join, name="join"),
    path("promote/links/", promote.make_link, name="make_link"),
    path("promote/links/<slug:code>/qr.<str:form>", promote.qr_code, name="qr"),
    path("promote/receipts/<str:number>/", promote.receipt, name="receipt"),
]

from django.urls import path

from shop.fulfilment.views.prizes import prize
from shop.fulfilment.views.returns import ask_for_return

app_name = "fulfilment"
urlpatterns = [
    path("orders/<str:number>/return/", ask_for_return, name="return"),
    path("prizes/<int:prize_id>/", prize, name="prize"),
]

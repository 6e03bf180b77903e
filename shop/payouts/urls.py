from django.urls import path

from shop.payouts.views import income

app_name = "payouts"
urlpatterns = [
    path("teach/income/", income.income, name="income"),
    path("teach/income/account/", income.connect, name="connect"),
]

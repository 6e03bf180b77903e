import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("to_pack", "to pack"),
    ("shipped", "on its way"),
    ("arrived", "waiting at the store"),
    ("delivered", "delivered"),
    ("stopped", "stopped"),
    ("unclaimed", "returned unclaimed"),
    ("resent", "sent again"),
]
# What was received in one go was looked at in one go; what lay unclaimed came back when its returns were written.
INSPECT = """
UPDATE fulfilment_return SET came = quantity WHERE state = 'received';
INSERT INTO fulfilment_inspection (ret_id, pieces, restocked, reason, at)
    SELECT id, quantity, restocked, CASE WHEN restocked THEN '' ELSE 'not restocked' END, received_at
    FROM fulfilment_return WHERE state = 'received';
UPDATE fulfilment_shipment AS parcel SET unclaimed_at = coalesce(
    (SELECT max(back.received_at) FROM fulfilment_return AS back WHERE back.order_id = parcel.order_id), parcel.shipped_at)
    WHERE parcel.state = 'unclaimed';
UPDATE fulfilment_shipment AS parcel SET arrived_at = coalesce(parcel.delivered_at, parcel.shipped_at)
    WHERE parcel.state = 'arrived';
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0003_parcels_are_planned"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AlterField("shipment", "state", models.CharField(choices=STATES, default="to_pack", max_length=10)),
        migrations.AddField("shipment", "arrived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("shipment", "unclaimed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "return",
            "state",
            models.CharField(
                choices=[("requested", "asked for"), ("received", "received"), ("refused", "refused"), ("resent", "sent again")],
                default="requested",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "return",
            "shipment",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returns",
                to="fulfilment.shipment",
            ),
        ),
        migrations.AddField("return", "came", models.PositiveIntegerField(default=0)),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pieces", models.PositiveIntegerField()),
                ("restocked", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "inspected_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ret",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="inspections", to="fulfilment.return"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(pieces__gt=0), name="inspection_of_something"),
                    models.CheckConstraint(condition=Q(restocked=True) | ~Q(reason=""), name="written_off_for_a_reason"),
                ]
            },
        ),
        migrations.RunSQL(INSPECT, migrations.RunSQL.noop),
    ]

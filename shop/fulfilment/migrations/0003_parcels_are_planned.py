from django.db import migrations, models

# What arrived before the counter was there.
COUNT = """
UPDATE orders_ordercomponent AS part SET delivered = come.pieces FROM (
    SELECT row.component_id, sum(row.quantity) AS pieces
    FROM fulfilment_shipmentline AS row JOIN fulfilment_shipment AS parcel ON parcel.id = row.shipment_id
    WHERE parcel.state = 'delivered' GROUP BY row.component_id
) AS come WHERE come.component_id = part.id
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0002_printing_knows_who_and_what"), ("orders", "0007_parts_know_what_arrived")]
    operations = [
        migrations.AddField("shipment", "planned_on", models.DateField(blank=True, null=True)),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]

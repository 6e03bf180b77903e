from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_reservation_leaves_held_once"), ("kit", "0003_changes_that_visitors_see")]
    operations = [migrations.RunSQL("SELECT watch_table('stock_stockitem')", migrations.RunSQL.noop)]

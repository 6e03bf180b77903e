from django.db import migrations

FORWARDS = """
CREATE TRIGGER invoices_paper_append_only BEFORE UPDATE OR DELETE ON invoices_paper
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARDS = "DROP TRIGGER invoices_paper_append_only ON invoices_paper;"


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial"), ("kit", "0002_cache_table_and_append_only_audit")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

from django.db import migrations

# The shares of a split sum to 100 %, checked at commit, for a split without shares too. Neither is ever changed or deleted.
FORWARDS = """
CREATE FUNCTION payouts_check_split() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint := CASE TG_TABLE_NAME WHEN 'payouts_split' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'split_id')::bigint END;
    whole bigint;
BEGIN
    SELECT coalesce(sum(basis_points), 0) INTO whole FROM payouts_splitshare WHERE split_id = wanted;
    IF whole <> 10000 THEN
        RAISE EXCEPTION 'split % shares out % of 10000', wanted, whole USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payouts_split_whole AFTER INSERT ON payouts_split
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payouts_check_split();
CREATE CONSTRAINT TRIGGER payouts_splitshare_whole AFTER INSERT ON payouts_splitshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payouts_check_split();
CREATE TRIGGER payouts_split_append_only BEFORE UPDATE OR DELETE ON payouts_split
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payouts_splitshare_append_only BEFORE UPDATE OR DELETE ON payouts_splitshare
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARDS = """
DROP TRIGGER payouts_split_whole ON payouts_split;
DROP TRIGGER payouts_splitshare_whole ON payouts_splitshare;
DROP TRIGGER payouts_split_append_only ON payouts_split;
DROP TRIGGER payouts_splitshare_append_only ON payouts_splitshare;
DROP FUNCTION payouts_check_split();
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0002_revenue_is_shared"), ("kit", "0002_cache_table_and_append_only_audit")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

from django.db import migrations

# What was there before places were known lies on the main shelf.
SEED = """
INSERT INTO stock_place (code, name, position)
    SELECT 'main', '', 0 WHERE EXISTS (SELECT 1 FROM stock_stockitem WHERE ref LIKE 'sku:%');
INSERT INTO stock_placed (item_id, place_id, pieces)
    SELECT item.id, place.id, item.on_hand FROM stock_stockitem item, stock_place place WHERE item.ref LIKE 'sku:%';
"""
# Movements are a trail: nobody rewrites them. The places' pieces sum to the item's, checked at commit.
GUARD = """
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION stock_places_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item bigint;
    there bigint;
BEGIN
    IF TG_TABLE_NAME = 'stock_stockitem' THEN
        item := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        item := OLD.item_id;
    ELSE
        item := NEW.item_id;
    END IF;
    SELECT on_hand INTO there FROM stock_stockitem WHERE id = item AND ref LIKE 'sku:%';
    IF FOUND AND there <> (SELECT COALESCE(SUM(pieces), 0) FROM stock_placed WHERE item_id = item) THEN
        RAISE EXCEPTION 'pieces of stock item % by place do not sum to %', item, there USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stock_item_adds_up AFTER INSERT OR UPDATE OF on_hand ON stock_stockitem
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stock_places_add_up();
CREATE CONSTRAINT TRIGGER stock_placed_adds_up AFTER INSERT OR UPDATE OR DELETE ON stock_placed
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stock_places_add_up();
"""
UNGUARD = """
DROP TRIGGER stock_placed_adds_up ON stock_placed; DROP TRIGGER stock_item_adds_up ON stock_stockitem;
DROP FUNCTION stock_places_add_up(); DROP TRIGGER stock_movement_append_only ON stock_movement;
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0004_goods_lie_in_places"), ("kit", "0002_cache_table_and_append_only_audit")]
    operations = [migrations.RunSQL(SEED, migrations.RunSQL.noop), migrations.RunSQL(GUARD, UNGUARD)]

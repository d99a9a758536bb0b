-- One database whose two largest tables are split by outlet. `entry` holds every act with all of its rows and
-- `movement` every piece that moved. Both have the book in their
-- primary key, and a register's book belongs to one outlet, so they can be partitioned by it as they are.
--
--   psql --single-transaction --set ON_ERROR_STOP=1 --file partitions.sql karya
--
-- as the role that owns the tables, once, after a backup, while no till sells. The program needs no change: it
-- reads and writes the same two names. Run it again after outlets or registers were added: what they sold
-- meanwhile stands in the partition `_other` and is put where it belongs.

-- 1. An id is good once in the whole shop, not once a partition, and a unique constraint of a partitioned table
--    must hold the partition key. So ids get a table of their own, which a trigger fills.
CREATE TABLE IF NOT EXISTS entry_request (request_id varchar(36) NOT NULL);
TRUNCATE entry_request;
INSERT INTO entry_request SELECT request_id FROM entry WHERE request_id IS NOT NULL;

CREATE OR REPLACE FUNCTION karya_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE entry_request;          -- pos restore empties the tables before it fills them
    ELSE
        INSERT INTO entry_request VALUES (NEW.request_id);
    END IF;
    RETURN NULL;
END $$;

-- 2. What stands on the two tables, in the words in which it is said again below: keys, references from and to
--    them, indexes, triggers. Whatever a migration added is among it.
CREATE TEMPORARY TABLE said ON COMMIT DROP AS
SELECT 1 AS turn, conrelid::regclass::text AS on_table, conname AS name,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS words
FROM pg_constraint WHERE contype = 'p' AND conrelid IN ('entry'::regclass, 'movement'::regclass)
UNION ALL
SELECT 2, indrelid::regclass::text, indexrelid::regclass::text,
    replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
FROM pg_index WHERE indrelid IN ('entry'::regclass, 'movement'::regclass) AND NOT indisunique
UNION ALL
SELECT 3, conrelid::regclass::text, conname,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0
    AND (conrelid IN ('entry'::regclass, 'movement'::regclass) OR confrelid = 'entry'::regclass)
UNION ALL
SELECT 4, tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
FROM pg_trigger
WHERE tgrelid IN ('entry'::regclass, 'movement'::regclass) AND NOT tgisinternal AND tgname NOT LIKE 'tr_entry_request%';

DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT * FROM said WHERE turn = 3 LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.on_table, one.name);
    END LOOP;
END $$;

-- 3. The same columns, checks and rows, divided by the book.
ALTER TABLE entry RENAME TO entry_before;
ALTER TABLE movement RENAME TO movement_before;
CREATE TABLE entry (LIKE entry_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY LIST (book_id);
CREATE TABLE movement (LIKE movement_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY LIST (book_id);
CREATE TABLE entry_new_other PARTITION OF entry DEFAULT;
CREATE TABLE movement_new_other PARTITION OF movement DEFAULT;

DO $$
DECLARE place record;
BEGIN
    FOR place IN
        SELECT o.id, string_agg(b.id::text, ', ' ORDER BY b.id) AS books
        FROM outlet o JOIN register r ON r.outlet_id = o.id JOIN book b ON b.register_id = r.id
        GROUP BY o.id
    LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF entry FOR VALUES IN (%s)', 'entry_new_' || place.id, place.books);
        EXECUTE format('CREATE TABLE %I PARTITION OF movement FOR VALUES IN (%s)', 'movement_new_' || place.id, place.books);
    END LOOP;
END $$;

INSERT INTO entry SELECT * FROM entry_before;
INSERT INTO movement SELECT * FROM movement_before;
DROP TABLE movement_before, entry_before;

DO $$
DECLARE part record;
BEGIN
    FOR part IN
        SELECT inhrelid::regclass::text AS name FROM pg_inherits
        WHERE inhparent IN ('entry'::regclass, 'movement'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME TO %I', part.name, replace(part.name, '_new_', '_outlet_'));
    END LOOP;
END $$;

-- 4. All of it again on the divided tables; an id is still good once, and its constraint keeps its name.
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT * FROM said ORDER BY turn, name LOOP
        EXECUTE one.words;
    END LOOP;
END $$;
ALTER TABLE entry_request DROP CONSTRAINT IF EXISTS uq_entry_request_id;
ALTER TABLE entry_request ADD CONSTRAINT uq_entry_request_id PRIMARY KEY (request_id);
CREATE INDEX IF NOT EXISTS ix_entry_request_id ON entry (request_id);
CREATE TRIGGER tr_entry_request AFTER INSERT ON entry FOR EACH ROW WHEN (NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION karya_request();
CREATE TRIGGER tr_entry_request_emptied AFTER TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION karya_request();
ANALYZE entry;
ANALYZE movement;

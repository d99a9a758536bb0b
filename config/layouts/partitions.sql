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

-- 2. The same columns, checks and rows, divided by the book. Constraints and indexes keep their names.
ALTER TABLE movement DROP CONSTRAINT fk_movement_entry;
ALTER TABLE cash_event DROP CONSTRAINT fk_cash_event_entry;
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

ALTER TABLE entry_request DROP CONSTRAINT IF EXISTS uq_entry_request_id;
ALTER TABLE entry_request ADD CONSTRAINT uq_entry_request_id PRIMARY KEY (request_id);
ALTER TABLE entry
    ADD CONSTRAINT pk_entry PRIMARY KEY (book_id, seq),
    ADD CONSTRAINT fk_entry_book_id_book FOREIGN KEY (book_id) REFERENCES book (id);
CREATE INDEX ix_entry_request_id ON entry (request_id);
ALTER TABLE cash_event
    ADD CONSTRAINT fk_cash_event_entry FOREIGN KEY (book_id, seq) REFERENCES entry (book_id, seq);
ALTER TABLE movement
    ADD CONSTRAINT pk_movement PRIMARY KEY (book_id, seq, position),
    ADD CONSTRAINT fk_movement_entry FOREIGN KEY (book_id, seq) REFERENCES entry (book_id, seq),
    ADD CONSTRAINT fk_movement_product_id_product FOREIGN KEY (product_id) REFERENCES product (id),
    ADD CONSTRAINT fk_movement_lot_id_lot FOREIGN KEY (lot_id) REFERENCES lot (id),
    ADD CONSTRAINT fk_movement_from_id_location FOREIGN KEY (from_id) REFERENCES location (id),
    ADD CONSTRAINT fk_movement_to_id_location FOREIGN KEY (to_id) REFERENCES location (id);
CREATE INDEX ix_movement_at ON movement (at);
CREATE INDEX ix_movement_product_at ON movement (product_id, at, lot_id);

-- 3. What happened is still never edited, and an id is still good once.
CREATE TRIGGER tr_entry_update BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION karya_refuse();
CREATE TRIGGER tr_entry_delete BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION karya_refuse();
CREATE TRIGGER tr_movement_update BEFORE UPDATE ON movement FOR EACH ROW EXECUTE FUNCTION karya_refuse();
CREATE TRIGGER tr_movement_delete BEFORE DELETE ON movement FOR EACH ROW EXECUTE FUNCTION karya_refuse();
CREATE TRIGGER tr_entry_request AFTER INSERT ON entry FOR EACH ROW WHEN (NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION karya_request();
CREATE TRIGGER tr_entry_request_emptied AFTER TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION karya_request();
ANALYZE entry;
ANALYZE movement;

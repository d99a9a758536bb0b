-- In the nation's database, once for each region, after `pos upgrade` made the region's empty tables there (see
-- README.md). What the region commits arrives here whole, transaction by transaction.
--
--   psql --set region=jatim --set source='host=10.20.0.11,10.20.0.12 port=5432 dbname=karya user=laporan
--        password=… target_session_attrs=read-write sslmode=verify-full' --file nation.sql karya_nasional
\set ON_ERROR_STOP 1
-- `pos upgrade` wrote the legal rates of fees; the region's own rows come in their place.
TRUNCATE :"region".setting_fee_rate;
CREATE SUBSCRIPTION :"region" CONNECTION :'source' PUBLICATION buku
    WITH (create_slot = false, slot_name = :'region');
CREATE SCHEMA IF NOT EXISTS nation;

-- Every table of a report as one: the same columns with the region before them.
SELECT format('CREATE OR REPLACE VIEW nation.%I AS %s', one.name, string_agg(
    format('SELECT %L::text AS region, * FROM %I.%I', r.subname, r.subname, one.name),
    ' UNION ALL ' ORDER BY r.subname))
FROM pg_subscription r
CROSS JOIN (VALUES ('outlet'), ('register'), ('product'), ('lot'), ('location'), ('stock_balance'), ('movement'),
    ('shift'), ('z_report'), ('sale'), ('sale_line'), ('tender'), ('refund'), ('refund_line')) AS one (name)
WHERE r.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY one.name \gexec

-- In each region's database, once, by its administrator: its tables stand in a schema with the region's name, so
-- that a nation can hold many regions beside each other, and what is not secret is published.
--
--   psql --set region=jatim --set owner=karya --set reader=laporan --file region.sql karya
--
-- before `pos init` (makes the schema) and again after it (publishes). Needs wal_level = logical.
\set ON_ERROR_STOP 1
CREATE SCHEMA IF NOT EXISTS :"region" AUTHORIZATION :"owner";
SELECT format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', :'owner', current_database(), :'region') \gexec
GRANT USAGE ON SCHEMA :"region" TO :"reader";

-- PINs, tokens, sign-ins, keys of outlets and the spool stay in the region.
SELECT format('CREATE PUBLICATION buku FOR TABLE %s', string_agg(format('%I.%I', schemaname, tablename), ', '))
FROM pg_tables
WHERE schemaname = :'region'
    AND tablename NOT LIKE 'user%' AND tablename NOT LIKE 'printer%'
    AND tablename NOT IN ('alembic_version', 'setting_exchange')
HAVING count(*) > 0
    AND NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'buku') \gexec
SELECT format('GRANT SELECT ON %I.%I TO %I', schemaname, tablename, :'reader')
FROM pg_publication_tables WHERE pubname = 'buku' \gexec
SELECT pg_create_logical_replication_slot(:'region', 'pgoutput')
WHERE EXISTS (SELECT FROM pg_publication WHERE pubname = 'buku')
    AND NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = :'region');

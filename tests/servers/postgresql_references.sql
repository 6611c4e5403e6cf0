-- What a PostgreSQL catalogue knows of who depends on whom, one JSON array a row: the group it is
-- compared in, the kind of the edge, and names. Bodies in PL/pgSQL are read by plpgsql_check.
\set QUIET on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS plpgsql_check WITH SCHEMA pg_catalog;
CREATE FUNCTION pg_temp.body(routine oid, relation oid)
RETURNS TABLE (kind text, schema name, name name) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT d.type::text, d.schema::name, d.name::name
  FROM plpgsql_show_dependency_tb(routine::regprocedure, relation::regclass) AS d
  WHERE d.type IN ('RELATION', 'FUNCTION', 'PROCEDURE');
EXCEPTION WHEN OTHERS THEN
  RETURN QUERY SELECT 'ERROR', NULL::name, SQLERRM::name;
END $$;
CREATE TEMP VIEW own AS
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_(toast|temp)';
CREATE TEMP VIEW named AS  -- what a script can have made, of no extension
  SELECT 'pg_class'::regclass AS classid, c.oid, n.nspname AS schema, c.relname AS name,
         CASE relkind WHEN 'S' THEN 'uses' ELSE 'reads' END AS kind
  FROM pg_class c JOIN own n ON n.oid = c.relnamespace WHERE relkind IN ('r', 'v', 'm', 'f', 'p', 'S')
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, n.nspname, p.proname, 'calls'
  FROM pg_proc p JOIN own n ON n.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass
                    AND e.objid = p.oid AND e.deptype = 'e');

SELECT DISTINCT json_build_array('views', t.kind, v.schema, v.name, t.schema, t.name)::text
FROM pg_rewrite r
JOIN named v ON v.classid = 'pg_class'::regclass AND v.oid = r.ev_class
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.deptype = 'n'
JOIN named t ON t.classid = d.refclassid AND t.oid = d.refobjid
WHERE r.rulename = '_RETURN' AND t.oid <> v.oid;

SELECT DISTINCT json_build_array('columns', v.schema, v.name, t.schema, t.name, a.attname)::text
FROM pg_rewrite r
JOIN named v ON v.classid = 'pg_class'::regclass AND v.oid = r.ev_class
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.deptype = 'n'
JOIN named t ON t.classid = d.refclassid AND t.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
WHERE r.rulename = '_RETURN' AND t.classid = 'pg_class'::regclass AND t.oid <> v.oid;

SELECT json_build_array('parts', 'inherits', c.schema, c.name, p.schema, p.name)
FROM pg_inherits i
JOIN named c ON c.classid = 'pg_class'::regclass AND c.oid = i.inhrelid
JOIN named p ON p.classid = 'pg_class'::regclass AND p.oid = i.inhparent;

SELECT json_build_array('keys', 'references', k.conname, t.schema, t.name, r.schema, r.name,
  (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u(number, at)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
  (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.confkey) WITH ORDINALITY u(number, at)
   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
  (SELECT conkey FROM pg_constraint p WHERE p.conrelid = k.confrelid AND p.contype = 'p')
    = k.confkey)
FROM pg_constraint k
JOIN named t ON t.classid = 'pg_class'::regclass AND t.oid = k.conrelid
JOIN named r ON r.classid = 'pg_class'::regclass AND r.oid = k.confrelid
WHERE k.contype = 'f' AND k.conparentid = 0;

SELECT json_build_array('triggers', e.kind, t.schema, t.name, g.tgname, e.schema, e.name)
FROM pg_trigger g
JOIN named t ON t.classid = 'pg_class'::regclass AND t.oid = g.tgrelid
CROSS JOIN LATERAL (
  SELECT 'on' AS kind, t.schema, t.name
  UNION ALL SELECT 'calls', nullif(n.nspname, 'pg_catalog'), p.proname
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = g.tgfoid) e
WHERE NOT g.tgisinternal AND g.tgparentid = 0;

-- Trigger functions on no table cannot be read: nothing is expected of them.
CREATE TEMP TABLE readable AS
  SELECT n.*, p.prosqlbody IS NOT NULL AS is_sql, g.tgrelid
  FROM named n JOIN pg_proc p ON n.classid = 'pg_proc'::regclass AND p.oid = n.oid
  JOIN pg_language l ON l.oid = p.prolang
  LEFT JOIN (pg_trigger g JOIN pg_class r ON r.oid = g.tgrelid AND r.relkind IN ('r', 'p'))
    ON g.tgfoid = p.oid
  WHERE p.prosqlbody IS NOT NULL
     OR l.lanname = 'plpgsql' AND (p.prorettype <> 'trigger'::regtype OR g.oid IS NOT NULL)
        AND p.prorettype <> 'event_trigger'::regtype;
SELECT DISTINCT json_build_array('readable', schema, name)::text FROM readable;

SELECT DISTINCT json_build_array('bodies', replace(t.kind, 'reads', 'touches'), r.schema, r.name,
                                 t.schema, t.name)::text
FROM readable r
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = r.oid AND d.deptype = 'n'
JOIN named t ON t.classid = d.refclassid AND t.oid = d.refobjid
WHERE r.is_sql;

-- plpgsql_check looks through views: from here on each is a table, and no routine goes with a view.
DELETE FROM pg_depend d USING readable r
WHERE d.classid = 'pg_proc'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
  AND r.is_sql;
UPDATE pg_proc SET prosqlbody = NULL, prosrc = 'SELECT NULL' WHERE prosqlbody IS NOT NULL
  AND oid IN (SELECT oid FROM readable);
CREATE SCHEMA flat;
DO $$
DECLARE
  v record;
BEGIN
  CREATE TEMP TABLE view_name AS
    SELECT c.oid, n.nspname, c.relname, c.relkind
    FROM pg_class c JOIN own n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm');
  FOR v IN SELECT * FROM view_name LOOP
    EXECUTE format('CREATE TABLE flat.%I AS SELECT * FROM %I.%I WITH NO DATA', 'v' || v.oid,
                   v.nspname, v.relname);
  END LOOP;
  FOR v IN SELECT * FROM view_name LOOP
    EXECUTE format('DROP %s VIEW IF EXISTS %I.%I CASCADE',
                   CASE v.relkind WHEN 'm' THEN 'MATERIALIZED' END, v.nspname, v.relname);
    EXECUTE format('ALTER TABLE flat.%I SET SCHEMA %I', 'v' || v.oid, v.nspname);
    EXECUTE format('ALTER TABLE %I.%I RENAME TO %I', v.nspname, 'v' || v.oid, v.relname);
  END LOOP;
END $$;

SELECT DISTINCT json_build_array('bodies', CASE b.kind WHEN 'RELATION' THEN 'touches'
         WHEN 'ERROR' THEN 'error' ELSE 'calls' END, r.schema, r.name, b.schema, b.name)::text
FROM readable r JOIN pg_proc p USING (oid)
CROSS JOIN LATERAL pg_temp.body(r.oid, coalesce(r.tgrelid, 0)) b
WHERE NOT r.is_sql AND (b.kind = 'ERROR' OR b.schema IN (SELECT nspname FROM own));

-- What a PostgreSQL catalogue lists that a script can have made, one JSON array a row:
-- [type, schema, name, parent, signature or constraint kind, extension, implied]. `implied` marks
-- what the server makes by itself for something else (the sequence of a serial column).
WITH member AS (
  SELECT d.classid, d.objid, e.extname
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
),
relation AS (
  SELECT c.oid, c.relkind, c.relname, n.nspname, m.extname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
),
found(classid, oid, type, schema, name, parent, detail, extension, implied) AS (
  SELECT 'pg_class'::regclass, oid, CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN
         'materialized_view' WHEN 'f' THEN 'foreign_table' ELSE 'table' END,
         nspname, relname, NULL::name, NULL::text, extname, false
  FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL
  SELECT 'pg_class'::regclass, s.oid, 'sequence', s.nspname, s.relname, t.relname, NULL, s.extname,
         d.deptype = 'i' OR coalesce(s.relname = t.relname || '_' || a.attname || '_seq', false)
  FROM relation s
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid
                       AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  LEFT JOIN pg_class t ON t.oid = d.refobjid
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE s.relkind = 'S'
  UNION ALL
  SELECT 'pg_class'::regclass, i.indexrelid, 'index', t.nspname, c.relname, t.relname, NULL,
         t.extname,
         EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
  FROM pg_index i JOIN relation t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
  WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
                    AND k.contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, 'constraint', t.nspname, k.conname, t.relname,
         CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'f' THEN 'foreign_key'
                        WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check' ELSE 'exclude' END,
         t.extname, k.conparentid <> 0 OR NOT k.conislocal
  FROM pg_constraint k JOIN relation t ON t.oid = k.conrelid
  WHERE k.contype IN ('p', 'f', 'u', 'c', 'x')
  UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, 'constraint', n.nspname, k.conname, t.typname, 'check',
         NULL, false
  FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n
       ON n.oid = t.typnamespace
  WHERE n.nspname <> 'information_schema'
  UNION ALL
  SELECT 'pg_trigger'::regclass, g.oid, 'trigger', t.nspname, g.tgname, t.relname, NULL, t.extname,
         g.tgparentid <> 0
  FROM pg_trigger g JOIN relation t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
  UNION ALL
  SELECT 'pg_policy'::regclass, p.oid, 'policy', t.nspname, p.polname, t.relname, NULL, t.extname,
         false
  FROM pg_policy p JOIN relation t ON t.oid = p.polrelid
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, 'rule', t.nspname, r.rulename, t.relname, NULL, t.extname,
         false
  FROM pg_rewrite r JOIN relation t ON t.oid = r.ev_class WHERE r.rulename <> '_RETURN'
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END,
         n.nspname, t.typname, NULL, NULL, NULL, t.typtype = 'm'
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE (t.typrelid = 0 OR c.relkind = 'c')
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid,
         CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
         n.nspname, p.proname, NULL,
         '(' || array_to_string(ARRAY(SELECT format_type(a, NULL) FROM unnest(p.proargtypes) a),
                                ', ') || ')',
         NULL,
         EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                 AND d.deptype = 'i')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, 'operator', n.nspname, o.oprname, NULL,
         '(' || CASE WHEN o.oprleft = 0 THEN 'none' ELSE format_type(o.oprleft, NULL) END || ', ' ||
         format_type(o.oprright, NULL) || ')', NULL, o.oprcode = 0
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
  UNION ALL
  SELECT 'pg_opclass'::regclass, o.oid, 'operator_class', n.nspname, o.opcname, NULL,
         '(' || a.amname || ')', NULL, false
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am a ON a.oid = o.opcmethod
  UNION ALL
  SELECT 'pg_opfamily'::regclass, o.oid, 'operator_family', n.nspname, o.opfname, NULL,
         '(' || a.amname || ')', NULL,
         EXISTS (SELECT FROM pg_opclass c WHERE c.opcfamily = o.oid AND c.opcname = o.opfname)
  FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace
       JOIN pg_am a ON a.oid = o.opfmethod
  UNION ALL
  SELECT 'pg_cast'::regclass, c.oid, 'cast', NULL,
         format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL), NULL, NULL,
         NULL,
         EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid
                 AND d.deptype = 'i')
  FROM pg_cast c
  UNION ALL
  SELECT 'pg_collation'::regclass, c.oid, 'collation', n.nspname, c.collname, NULL, NULL, NULL,
         false
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
  UNION ALL
  SELECT 'pg_conversion'::regclass, c.oid, 'conversion', n.nspname, c.conname, NULL, NULL, NULL,
         false
  FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, 'statistics', n.nspname, s.stxname, t.relname, NULL,
         t.extname, false
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
       JOIN relation t ON t.oid = s.stxrelid
  UNION ALL
  SELECT 'pg_ts_config'::regclass, c.oid, 'text_search_configuration', n.nspname, c.cfgname, NULL,
         NULL, NULL, false
  FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
  UNION ALL
  SELECT 'pg_ts_dict'::regclass, c.oid, 'text_search_dictionary', n.nspname, c.dictname, NULL, NULL,
         NULL, false
  FROM pg_ts_dict c JOIN pg_namespace n ON n.oid = c.dictnamespace
  UNION ALL
  SELECT 'pg_ts_template'::regclass, c.oid, 'text_search_template', n.nspname, c.tmplname, NULL,
         NULL, NULL, false
  FROM pg_ts_template c JOIN pg_namespace n ON n.oid = c.tmplnamespace
  UNION ALL
  SELECT 'pg_ts_parser'::regclass, c.oid, 'text_search_parser', n.nspname, c.prsname, NULL, NULL,
         NULL, false
  FROM pg_ts_parser c JOIN pg_namespace n ON n.oid = c.prsnamespace
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 'schema', NULL, n.nspname, NULL, NULL, NULL,
         n.nspname = 'public'
  FROM pg_namespace n WHERE n.nspname !~ '^pg_(toast|temp)'
  UNION ALL
  SELECT 'pg_extension'::regclass, e.oid, 'extension', NULL, e.extname, NULL, NULL, NULL,
         e.extname = 'plpgsql'
  FROM pg_extension e
  UNION ALL
  SELECT 'pg_event_trigger'::regclass, e.oid, 'event_trigger', NULL, e.evtname, NULL, NULL, NULL,
         false
  FROM pg_event_trigger e
  UNION ALL
  SELECT 'pg_publication'::regclass, p.oid, 'publication', NULL, p.pubname, NULL, NULL, NULL, false
  FROM pg_publication p
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, 'foreign_data_wrapper', NULL, f.fdwname, NULL,
         NULL, NULL, false
  FROM pg_foreign_data_wrapper f
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, 'server', NULL, s.srvname, NULL, NULL, NULL, false
  FROM pg_foreign_server s
  UNION ALL
  SELECT 'pg_user_mapping'::regclass, u.umid, 'user_mapping', NULL, u.usename, u.srvname, NULL,
         NULL, false
  FROM pg_user_mappings u
  UNION ALL
  SELECT 'pg_am'::regclass, a.oid, 'access_method', NULL, a.amname, NULL, NULL, NULL, false
  FROM pg_am a
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, 'language', NULL, l.lanname, NULL, NULL, NULL, false
  FROM pg_language l
  UNION ALL
  SELECT 'pg_transform'::regclass, f.oid, 'transform', NULL,
         format_type(f.trftype, NULL) || ' language ' || l.lanname, NULL, NULL, NULL, false
  FROM pg_transform f JOIN pg_language l ON l.oid = f.trflang
)
SELECT json_build_array(f.type, f.schema, f.name, f.parent, f.detail,
                        coalesce(f.extension, m.extname), f.implied)
FROM found f LEFT JOIN member m ON m.classid = f.classid AND m.objid = f.oid
WHERE f.oid >= 16384 OR (f.type = 'schema' AND f.name = 'public')
   OR (f.type = 'extension' AND f.name = 'plpgsql');

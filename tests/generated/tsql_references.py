"""T-SQL scripts together with what depends on what in them. The statements of TsqlScript stand
between as noise; names that mislead, hints, cursors, CTEs called like tables are in the bodies."""

from tsql_script import TsqlScript, quoted


class TsqlReferences(TsqlScript):
    def __init__(self, seed):
        super().__init__(seed)
        self.relations, self.procedures, self.scalars, self.inline = [], [], [], []
        self.types, self.sequences, self.bases = [], [], []
        self.edges = set()
        self.referrers = set()
        noise = self.makers
        self.makers = [self.own_view, self.own_procedure, self.own_function, self.own_trigger,
                       self.own_table, self.own_key, self.own_synonym, self.own_view,
                       self.own_procedure, lambda: self.pick(noise)()]
        for _ in range(4):
            self.own_type()
            self.own_sequence()
            self.own_table()
            self.own_function()
            self.own_procedure()

    # Names, and the edges that naming them makes.

    def own_name(self):
        """A name in dbo, HR dept or without a schema."""
        return self.pick(("dbo", "HR dept", None)), self.name()

    def spelled(self, one):
        schema, name = one
        if schema in ("dbo", None):
            schema = self.pick(("dbo", None))
        return self.full(schema, name)

    def to(self, kind, choices):
        one = self.pick(choices)
        self.said.add((kind, one[0] or "dbo", one[1]))
        return self.spelled(one)

    def reads(self):
        return self.to("reads", self.relations)

    def writes(self):
        return self.to("writes", self.bases)

    def changed(self):
        """A table that a query reads through which it is changed."""
        one = self.pick(self.bases)
        self.said |= {("reads", one[0] or "dbo", one[1]), ("writes", one[0] or "dbo", one[1])}
        return self.spelled(one)

    def elsewhere(self):
        """One on another server, called like one that is here."""
        schema, name = self.pick(self.relations)
        self.said.add(("reads", "@far.db", schema or "dbo", name))
        return "far.[db]." + self.full(schema or "dbo", name)

    def scalar(self):
        """Called with its schema, always."""
        schema, name = self.pick(self.scalars)
        self.said.add(("calls", schema or "dbo", name))
        return self.full(schema or "dbo", name)

    def define(self, text, kind, one, action="create", parent=None):
        self.batch(text, [self.made(kind, *one, parent, action=action)])
        self.end(kind, *one)

    def end(self, kind, schema, name):
        self.referrers.add((kind, name))
        self.edges |= {(said[0], kind, schema or "dbo", name, *said[1:]) for said in self.said}

    # Queries.

    def condition(self, alias):
        return self.pick((
            lambda: f"{alias}.ID IN (SELECT x.ID FROM {self.reads()} x)",
            lambda: f"EXISTS (SELECT 1 FROM {self.reads()} WHERE ID > 0)",
            lambda: f"{alias}.[CHECK] <> N'SELECT * FROM dbo.nowhere' -- FROM nothing, here\r\n",
            lambda: f"{self.scalar()}({alias}.ID) = 1",
            lambda: f"TRIM('x' FROM {alias}.[CHECK]) = '' /* JOIN no */",
            lambda: f"{alias}.[CHECK] LIKE '%[^a]%' ESCAPE '\\'",
            lambda: "node.GetAncestor(1) = place.STCentroid() AND node.[ToString]() <> ''",
            lambda: f"{alias}.ID IN (SELECT x.ID FROM {self.elsewhere()} x)",
            lambda: f"{alias}.ID > ALL (SELECT MAX(ID) FROM {self.reads()} AS [from])"))()

    def source(self, alias):
        return self.pick((
            lambda: f"{self.reads()} {alias}",
            lambda: f"{self.reads()} AS {alias} WITH (NOLOCK, INDEX(1))",
            lambda: f"{self.reads()} {alias} (nolock)",
            lambda: f"(SELECT * FROM {self.reads()}) AS {alias}",
            lambda: f"(SELECT ID, [CHECK] FROM {self.reads()} UNION ALL SELECT ID, [CHECK] FROM "
                    f"{self.reads()}) {alias} (ID, [CHECK])",
            lambda: f"{self.to('calls', self.inline)}(1) AS {alias}",
            lambda: f"{self.reads()} AS {alias} TABLESAMPLE (10 PERCENT)",
            lambda: f"{self.reads()} FOR SYSTEM_TIME AS OF '20200101' AS {alias}",
            lambda: f"(VALUES (1, N'FROM a'), (2, N'b')) AS {alias} (ID, [CHECK])"))()

    def select(self):
        return self.pick((
            lambda: f"SELECT s.ID, s.[CHECK] FROM {self.source('s')} WHERE {self.condition('s')}",
            lambda: f"SELECT DISTINCT TOP (5) WITH TIES s.ID FROM {self.source('s')}\r\nINNER JOIN "
                    f"{self.source('t')} ON s.ID = t.ID AND {self.condition('t')}\r\nORDER BY s.ID",
            lambda: f"SELECT s.ID FROM {self.reads()} s, {self.reads()} AS t LEFT OUTER HASH JOIN "
                    f"{self.reads()} u ON u.ID = t.ID",
            lambda: f"SELECT s.ID FROM {self.reads()} s CROSS APPLY (SELECT TOP 1 q.ID FROM "
                    f"{self.reads()} q) a OUTER APPLY {self.to('calls', self.inline)}(s.ID) AS f",
            lambda: f"SELECT ID FROM {self.reads()} EXCEPT SELECT ID FROM {self.reads()}",
            lambda: f"SELECT [1], [2] FROM (SELECT ID, [CHECK] FROM {self.reads()}) p PIVOT "
                    "(COUNT([CHECK]) FOR ID IN ([1], [2])) AS v",
            lambda: f"SELECT n.c.value('(a)[1]', 'int') FROM {self.reads()} x CROSS APPLY "
                    "x.doc.nodes('/r') AS n(c)",
            lambda: f"SELECT ROW_NUMBER() OVER (PARTITION BY s.ID ORDER BY s.[CHECK]) AS n, "
                    f"(SELECT MAX(i.ID) FROM {self.reads()} AS i) AS m FROM ({self.reads()} AS s "
                    f"JOIN {self.reads()} r ON s.ID = r.ID) FOR XML PATH(N'FROM')",
            lambda: f"SELECT CASE WHEN {self.condition('s')}\r\nTHEN 1 ELSE 2 END AS [INTO], "
                    f"CAST(s.ID AS nvarchar(10)) FROM {self.reads()} s GROUP BY s.ID HAVING "
                    "COUNT(*) > 1",
        ))()

    def with_cte(self):
        """Any query, perhaps behind a CTE that is called as a table is."""
        if not self.chance(4):
            return self.select()
        source, cte = self.source("z"), quoted(self.pick(self.bases)[1])
        if cte in source:  # it would be itself
            cte = "[one]"
        return (f"WITH {cte} (ID, [CHECK]) AS (SELECT ID, [CHECK] FROM {source}), [two] "
                f"AS (SELECT * FROM {cte}) SELECT a.ID, b.[CHECK] FROM {cte} AS a JOIN [two] b ON "
                "a.ID = b.ID")

    def statement(self):
        return self.pick((
            lambda: f"INSERT INTO {self.writes()} (ID) {self.select()}",
            lambda: f"INSERT {self.writes()} VALUES (1, N'INSERT INTO x')",
            lambda: f"INSERT {self.writes()} (ID) EXEC {self.to('calls', self.procedures)} @p = 1",
            lambda: f"INSERT INTO {self.writes()} (ID) OUTPUT inserted.ID INTO #log (ID) VALUES "
                    "(1)",
            lambda: f"INSERT {self.writes()} (ID) OUTPUT inserted.ID INTO {self.writes()} (ID) "
                    "VALUES (1)",
            lambda: f"MERGE {self.writes()} t USING {self.reads()} s ON t.ID = s.ID WHEN MATCHED "
                    f"THEN DELETE OUTPUT deleted.ID INTO {self.writes()} (ID);",
            lambda: f";WITH q AS (SELECT ID, [CHECK] FROM {self.changed()} WHERE ID > 1), r AS "
                    "(SELECT * FROM q) " + self.pick(("DELETE FROM r WHERE ID = 2",
                                                      "UPDATE q SET [CHECK] = N'r'")),
            lambda: f"UPDATE x SET x.ID = 1 FROM (SELECT * FROM {self.changed()}) AS x",
            lambda: f"UPDATE w SET ID = 1 FROM #work AS w JOIN {self.reads()} r ON r.ID = w.ID",
            lambda: "EXEC sys.sp_addextendedproperty @name = N'EXEC', @value = N'x'",
            lambda: f"INSERT #work SELECT ID FROM {self.reads()}",
            lambda: f"SELECT s.ID INTO #made FROM {self.source('s')}",
            lambda: f"UPDATE {self.writes()} SET [CHECK] = N'FROM y' WHERE ID = @p",
            lambda: f"UPDATE TOP (3) {self.writes()} WITH (ROWLOCK) SET ID = 1",
            lambda: f"UPDATE u SET u.ID = r.ID FROM {self.writes()} AS u INNER JOIN {self.reads()} "
                    "r ON r.ID = u.ID",
            lambda: f"DELETE FROM {self.writes()} WHERE ID IN (SELECT ID FROM {self.reads()})",
            lambda: f"DELETE {self.writes()} WHERE ID = 1",
            lambda: f"DELETE d FROM {self.writes()} d JOIN {self.reads()} AS e ON e.ID = d.ID",
            lambda: f"DELETE TOP (10) FROM {self.writes()}",
            lambda: f"TRUNCATE TABLE {self.writes()}",
            lambda: f"MERGE INTO {self.writes()} WITH (HOLDLOCK) AS t USING {self.reads()} AS s ON "
                    "t.ID = s.ID WHEN MATCHED THEN UPDATE SET t.ID = s.ID WHEN NOT MATCHED THEN "
                    "INSERT (ID) VALUES (s.ID) WHEN NOT MATCHED BY SOURCE THEN DELETE OUTPUT "
                    "$action, deleted.ID;",
            lambda: f"MERGE {self.writes()} t USING (SELECT ID FROM {self.reads()}) s ON t.ID = "
                    "s.ID WHEN MATCHED THEN DELETE;",
            lambda: f"EXEC {self.to('calls', self.procedures)} @p = 1",
            lambda: f"EXECUTE @n = {self.to('calls', self.procedures)} N'EXEC no', @n OUTPUT",
            lambda: f"SET @n = (SELECT COUNT(*) FROM {self.reads()})",
            lambda: f"SET @n = NEXT VALUE FOR {self.to('uses', self.sequences)}",
            lambda: f"SET @n = {self.scalar()}(@p)",
            lambda: f"IF EXISTS (SELECT 1 FROM {self.reads()})\r\n  DELETE FROM {self.writes()}\r\n"
                    f"ELSE\r\n  SELECT @n = MAX(ID) FROM {self.reads()}",
            lambda: f"WHILE (SELECT COUNT(*) FROM {self.reads()}) > 3 BREAK",
            lambda: f"DECLARE c CURSOR LOCAL FAST_FORWARD FOR SELECT ID FROM {self.reads()}\r\n"
                    "OPEN c\r\nFETCH NEXT FROM c INTO @n\r\nCLOSE c DEALLOCATE c",
            lambda: f"DECLARE @t TABLE (i int PRIMARY KEY)\r\nINSERT INTO @t SELECT ID FROM "
                    f"{self.reads()}\r\nUPDATE @t SET i = 2 FROM @t",
            lambda: f"DECLARE @u{self.names} {self.to('uses', self.types)}",
            lambda: "PRINT N'DELETE FROM dbo.x'; RAISERROR(N'UPDATE x SET', 16, 1)",
            lambda: f"BEGIN TRY {self.select()} END TRY BEGIN CATCH THROW; END CATCH",
            lambda: f";WITH q AS ({self.select()}) INSERT INTO {self.writes()} (ID) SELECT ID FROM "
                    "q",
            lambda: "CREATE TABLE #work (ID int); DROP TABLE #work",
            lambda: f"{self.select()}",
        ))()

    def statements(self):
        count = self.random.randrange(1, 6)
        # THROW, MERGE and WITH want a semicolon before or behind; most statements need none.
        return "\r\n".join("  " + self.statement() + self.pick((";", "\r\n")) for _ in range(count))

    # Objects.

    def own_view(self):
        one, self.said = self.own_name(), set()
        with_clause = self.pick(("", "\r\nWITH SCHEMABINDING, VIEW_METADATA", " (ID, [CHECK])"))
        self.header("View", *one)
        self.define(f"{self.comment()}CREATE VIEW {self.full(*one)}{with_clause}\r\nAS\r\n"
                    f"{self.with_cte()}" + self.pick(("", "\r\nWITH CHECK OPTION")), "view", one)
        self.relations.append(one)

    def own_procedure(self):
        one, self.said = self.own_name(), set()
        verb = self.pick(("CREATE", "CREATE OR ALTER"))
        if not self.procedures:
            self.define(f"CREATE PROC {self.full(*one)} AS DELETE FROM {self.writes()}",
                        "procedure", one)
        else:
            parameter = f", @q {self.to('uses', self.types)} READONLY" if self.chance(2) else ""
            self.header("StoredProcedure", *one)
            self.settings()
            self.define(f"{self.comment()}{verb} PROCEDURE {self.full(*one)} @p int = 1{parameter}"
                        f"{self.pick(('', ' WITH RECOMPILE'))}\r\nAS\r\nBEGIN\r\n  SET NOCOUNT "
                        f"ON;\r\n  DECLARE @n int;\r\n{self.statements()}\r\nEND",
                        "procedure", one)
        self.procedures.append(one)

    def own_function(self):
        one, self.said = self.own_name(), set()
        if not self.scalars or not self.inline:
            scalar = f"CREATE FUNCTION {self.full(*one)} (@a int) RETURNS int AS BEGIN RETURN 1 END"
            self.define(scalar, "function", one)
            self.scalars.append(one)
            one, self.said = self.own_name(), set()
            self.define(f"CREATE FUNCTION {self.full(*one)} (@a int) RETURNS TABLE AS RETURN "
                        f"(SELECT * FROM {self.reads()})", "function", one)
            self.inline.append(one)
            return
        home, text = self.pick((
            lambda: (self.inline, f"RETURNS TABLE\r\nAS\r\nRETURN ({self.with_cte()})"),
            lambda: (self.inline, "RETURNS @r TABLE (ID int PRIMARY KEY) AS\r\nBEGIN\r\n  INSERT "
                                  f"@r SELECT s.ID FROM {self.source('s')}\r\n  RETURN\r\nEND"),
            lambda: (self.scalars, f"RETURNS int AS\r\nBEGIN\r\n  DECLARE @n int\r\n  SELECT @n = "
                                   f"s.ID FROM {self.source('s')} WHERE {self.condition('s')}\r\n"
                                   f"  RETURN {self.scalar()}(@n)\r\nEND"),
        ))()
        self.header("UserDefinedFunction", *one)
        self.define(f"CREATE FUNCTION {self.full(*one)} (@a int, @b nvarchar(10) = N'FROM')\r\n"
                    + text, "function", one)
        home.append(one)

    def own_trigger(self):
        schema, table = self.pick(self.bases)
        name = self.name()
        self.said = {("on", schema or "dbo", table)}
        event = self.pick(("AFTER INSERT, UPDATE", "FOR DELETE", "INSTEAD OF UPDATE"))
        body = self.statements()
        self.define(f"CREATE TRIGGER {self.full(schema, name)} ON {self.full(schema, table)} "
                    f"{event}\r\nAS\r\nBEGIN\r\n  DECLARE @n int, @p int;\r\n  IF UPDATE"
                    f"(ID) RETURN;\r\n  SELECT @n = i.ID FROM inserted i JOIN deleted AS d ON "
                    f"i.ID = d.ID;\r\n{body}\r\nEND", "trigger", (schema, name), parent=table)

    def own_table(self):
        one, self.said = self.own_name(), set()
        lines = ["[ID] [int] NOT NULL", f"[CHECK] {self.to('uses', self.types)} NULL",
                 f"[n] bigint DEFAULT (NEXT VALUE FOR {self.to('uses', self.sequences)})",
                 "PRIMARY KEY ([ID])"]
        if self.scalars and self.chance(2):
            lines.append(self.pick(("[c] AS ({}([ID]))", "[c] AS {}([ID]) PERSISTED"))
                         .format(self.scalar()))
        objects = [self.made("table", *one)]
        objects.append(self.made("constraint", one[0], None, one[1], constraint_kind="default"))
        objects.append(self.made("constraint", one[0], None, one[1],
                                 constraint_kind="primary_key"))
        if self.bases and self.chance(2):
            schema, target = self.pick(self.bases)
            key = self.name()
            lines.append(f"CONSTRAINT {quoted(key)} FOREIGN KEY ([ID], [n]) REFERENCES "
                         f"{self.spelled((schema, target))} ([ID], [n]) ON DELETE CASCADE")
            objects.append(self.made("constraint", one[0], key, one[1],
                                     constraint_kind="foreign_key"))
            self.referrers.add(("constraint", key))
            self.edges.add(("references", "constraint", one[0] or "dbo", key, schema or "dbo",
                            target))
        self.header("Table", *one)
        self.batch(f"CREATE TABLE {self.full(*one)} (\r\n  " + ",\r\n  ".join(lines) + "\r\n)",
                   objects)
        self.end("table", *one)
        self.bases.append(one)
        self.relations.append(one)

    def own_key(self):
        (schema, table), target = self.pick(self.bases), self.pick(self.bases)
        key = self.name()
        self.batch(f"ALTER TABLE {self.full(schema, table)}  WITH CHECK ADD  CONSTRAINT "
                   f"{quoted(key)} FOREIGN KEY([ID])\r\nREFERENCES {self.spelled(target)} ([ID])",
                   [self.made("constraint", schema, key, table, constraint_kind="foreign_key")])
        self.referrers.add(("constraint", key))
        self.edges.add(("references", "constraint", schema or "dbo", key, target[0] or "dbo",
                        target[1]))

    def own_synonym(self):
        one, self.said = self.own_name(), set()
        self.define(f"CREATE SYNONYM {self.full(*one)} FOR {self.to('uses', self.relations)}",
                    "synonym", one)
        self.relations.append(one)

    def own_type(self):
        one = self.own_name()
        self.batch(f"CREATE TYPE {self.full(*one)} FROM [nvarchar](50)", [self.made("type", *one)])
        self.types.append(one)

    def own_sequence(self):
        one = self.own_name()
        self.batch(f"CREATE SEQUENCE {self.full(*one)} AS int START WITH 1",
                   [self.made("sequence", *one)])
        self.sequences.append(one)

"""Scripts as SQL Server Management Studio writes them, and with what people put around: headers in
the studio's languages, stale ones, none; checks for existence; every kind of object."""

from script import Script, made

# What the studio writes for "Object", by language, and how it ends the word.
HEADERS = ("Object:  ", "Objeto:  ", "Objekt:  ", "Objet :  ",
           "\u30aa\u30d6\u30b8\u30a7\u30af\u30c8:  ", "\u5bf9\u8c61:  ",
           "\u041e\u0431\u044a\u0435\u043a\u0442:  ", "Oggetto:  ", "\uac1c\uccb4:  ",
           "Obiekt:  ")
DATES = ("    Script Date: 5/17/2024 8:01:02 AM",
         "    Fecha de la secuencia de comandos: 17/05/2024",
         "    \u30b9\u30af\u30ea\u30d7\u30c8\u65e5\u4ed8: 2024/05/17 8:01:02",
         "    \u0414\u0430\u0442\u0430 "
         "\u0441\u0446\u0435\u043d\u0430\u0440\u0438\u044f: 17.05.2024",
         "")
NOUNS = ("Order", "Product", "Gr\u00f6\u00dfe", "Stra\u00dfe", "\u6ce8\u6587",
         "\u0417\u0430\u043a\u0430\u0437", "Line Item", "O'Brien", "a]b", "GO", "select", "x.y",
         "Table", "End", "--", "/*", 'q"q', "\u00c9t\u00e9", "$x", "100%", "tbl#1")
SCHEMAS = ("dbo", "Sales", "HR dept", "\u0438\u043c\u044f", None)
REMARKS = ("it''s; here", "GO", "CREATE TABLE [dbo].[not one]", "-- no comment", "/* nor this",
           "Gr\u00f6\u00dfe", "line\r\nGO it is not")
BODIES = (
    "BEGIN\r\n  SET NOCOUNT ON;\r\n  CREATE TABLE #work (id int);\r\n  INSERT INTO dbo.log "
    "VALUES (1)\r\nEND",
    "BEGIN TRY\r\n  EXEC(N'CREATE TABLE dbo.hidden (i int)')\r\nEND TRY\r\nBEGIN CATCH\r\n  "
    "THROW;\r\nEND CATCH",
    "/* outer /* inner\r\nGO\r\n*/ still */\r\nSELECT 1 -- GO\r\n",
    "DECLARE @t TABLE (id int PRIMARY KEY)\r\nDROP TABLE dbo.old; ALTER TABLE dbo.x ADD y int",
    "/****** Object:  StoredProcedure [dbo].[stale]    Script Date: 1/1/2001 ******/\r\nSELECT "
    "N'a\r\nGO\r\nb'",
)


def quoted(name):
    return "[" + name.replace("]", "]]") + "]"


def literal(name):
    return "N'" + name.replace("'", "''") + "'"


class TsqlScript(Script):
    """add() writes one more thing, of a kind chosen by the seed."""

    def __init__(self, seed):
        super().__init__(seed)
        self.headers = self.chance(4) is False
        self.database = None
        self.tables = []
        self.makers = [self.table, self.table, self.view, self.procedure, self.procedure,
                       self.function, self.trigger, self.ddl_trigger, self.index, self.index,
                       self.foreign_key, self.default, self.check, self.many_constraints,
                       self.property, self.property, self.grant, self.schema, self.type,
                       self.table_type, self.synonym, self.sequence, self.user, self.role,
                       self.data, self.temporary, self.checked_table, self.checked_module,
                       self.checked_drop, self.statistics, self.full_text, self.partition,
                       self.xml_schema, self.rename, self.switch, self.alter_table, self.job,
                       self.use, self.several, self.member, self.security_policy, self.dynamic]
        self.table()

    def add(self):
        self.pick(self.makers)()

    # Names.

    def name(self):
        self.names += 1
        return f"{self.pick(NOUNS)}{self.names}"

    def schema_name(self):
        return self.pick(SCHEMAS)

    @staticmethod
    def full(schema, name):
        return quoted(name) if schema is None else quoted(schema) + "." + quoted(name)

    def made(self, kind, schema, name, parent=None, **more):
        """As made(), in the database that USE named."""
        one = made(kind, schema, name, parent, **more)
        if kind not in ("login", "job", "database", "server_trigger"):
            one["database"] = self.database
        return one

    # Batches.

    def header(self, kind, schema, name):
        if not self.headers or "/*" in name:  # a comment in it would never be closed
            return
        if self.chance(8):  # stale: names another object, or none
            schema, name = self.pick(("dbo", None)), self.pick(("Renamed", ""))
        shown = "" if not name else " " + self.full(schema, name)
        self.write(f"/****** {self.pick(HEADERS)}{kind}{shown}{self.pick(DATES)} ******/\r\n")

    def settings(self):
        if self.headers:
            for setting in ("ANSI_NULLS", "QUOTED_IDENTIFIER"):
                self.batch(f"SET {setting} ON", [])

    def batch(self, text, objects):
        self.write(text + "\r\n" + self.pick(("GO", "GO", "go", "  GO ", "GO -- next")) + "\r\n")
        if self.chance(6):
            self.write("\r\n-- between\r\n")
        self.units.append(objects)

    # Objects.

    def table(self):
        schema, name = self.schema_name(), self.name()
        self.header("Table", schema, name)
        self.settings()
        text, objects = self.table_text(schema, name)
        self.batch(text, objects)
        self.tables.append((schema, name))

    def table_text(self, schema, name):
        lines = ["\t[ID] [int] IDENTITY(1,1) NOT FOR REPLICATION NOT NULL",
                 "\t[CHECK] [nvarchar](max) COLLATE Latin1_General_CI_AS NULL"]
        objects = [self.made("table", schema, name)]

        def constraint(kind, text, named):
            label = self.name() if named else None
            prefix = f" CONSTRAINT {quoted(label)}" if named else " "
            objects.append(self.made("constraint", schema, label, name, constraint_kind=kind))
            return f"{prefix} {text}"

        lines.append("\t[Price] [decimal](18, 2) NOT NULL" +
                     constraint("default", "DEFAULT ((0))", self.chance(2)))
        if self.chance(2):
            lines.append("\t[Parent] int NULL" +
                         constraint("foreign_key", "REFERENCES [dbo].[p] ([i]) ON DELETE SET "
                                                   "DEFAULT",
                                    self.chance(2)))
        if self.chance(3):
            lines.append("\t[Total]  AS ([Price]*(2)) PERSISTED" +
                         constraint("unique", "UNIQUE", self.chance(2)))
        if self.chance(3):
            index = self.name()
            lines.append(f"\tINDEX {quoted(index)} NONCLUSTERED ([Price], [ID] DESC)")
            objects.append(self.made("index", schema, index, name))
        lines.append("" + constraint("primary_key", "PRIMARY KEY CLUSTERED \r\n(\r\n\t[ID] "
                                                    "ASC\r\n)WITH "
                     "(PAD_INDEX = OFF, FILLFACTOR = 90) ON [PRIMARY]", not self.chance(4)))
        if self.chance(2):
            lines.append("" + constraint("check", "CHECK (([Price]>=(0) AND N'GO, ('<>N')'))",
                                         self.chance(2)))
        text = f"CREATE TABLE {self.full(schema, name)}(\r\n" + ",\r\n".join(lines)
        return text + "\r\n) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]", objects

    def module(self, kind, type_name, text):
        schema, name = self.schema_name(), self.name()
        self.header(type_name, schema, name)
        self.settings()
        verb = self.pick(("CREATE", "CREATE", "create", "CREATE OR ALTER", "ALTER"))
        action = "alter" if verb == "ALTER" else "create"
        self.batch(f"{self.comment()}{verb}  {text.format(name=self.full(schema, name))}",
                   [self.made(kind, schema, name, action=action)])

    def comment(self):
        return self.pick(("", "", "-- =====\r\n-- Author: it's me\r\n", "/* a GO\r\nGO\r\n */ "))

    def view(self):
        self.module("view", "View", "VIEW {name}\r\nWITH SCHEMABINDING AS\r\nSELECT 1 AS [a;b]")

    def procedure(self):
        body = self.pick(BODIES).replace("{", "{{").replace("}", "}}")
        self.module("procedure", "StoredProcedure",
                    self.pick(("PROCEDURE", "PROC")) + " {name} @p int = 1\r\nAS\r\n" + body)

    def function(self):
        self.module("function", "UserDefinedFunction", self.pick((
            "FUNCTION {name} (@a int, @b nvarchar(10) = N'x') RETURNS int AS BEGIN RETURN 1 END",
            "FUNCTION {name} () RETURNS TABLE AS RETURN SELECT 1 AS a",
            "FUNCTION {name} () RETURNS @r TABLE (i int PRIMARY KEY) AS BEGIN INSERT @r VALUES (1) "
            "RETURN END")))

    def trigger(self):
        schema, table = self.pick(self.tables)
        name = self.name()
        self.header("Trigger", schema, name)
        self.settings()
        self.batch(f"CREATE TRIGGER {self.full(schema, name)} ON {self.full(schema, table)}\r\n"
                   f"{self.pick(('AFTER INSERT', 'FOR UPDATE, DELETE', 'INSTEAD OF INSERT'))} "
                   f"AS\r\n"
                   "BEGIN UPDATE dbo.log SET n = n + 1 END",
                   [self.made("trigger", schema, name, table)])

    def ddl_trigger(self):
        name = self.name()
        self.header("DdlTrigger", None, name)
        where, kind = self.pick((("DATABASE", "ddl_trigger"), ("ALL SERVER", "server_trigger")))
        self.batch(f"CREATE TRIGGER {quoted(name)} ON {where} FOR CREATE_TABLE AS PRINT N'GO'",
                   [self.made(kind, None, name)])

    def index(self):
        schema, table = self.pick(self.tables)
        name = self.name()
        self.header("Index", None, name)
        kind = self.pick(("NONCLUSTERED", "UNIQUE CLUSTERED", "UNIQUE NONCLUSTERED", "PRIMARY XML",
                          "SPATIAL", "NONCLUSTERED COLUMNSTORE", "CLUSTERED COLUMNSTORE", "XML"))
        self.batch(f"CREATE {kind} INDEX {quoted(name)} ON "
                   f"{self.full(schema, table)}\r\n(\r\n\t[ID] "
                   "ASC\r\n)WITH (SORT_IN_TEMPDB = OFF) ON [PRIMARY]",
                   [self.made("index", schema, name, table)])

    def added(self, kind, text, label):
        schema, table = self.pick(self.tables)
        check = self.pick(("", "  WITH CHECK", "  WITH NOCHECK"))
        prefix = f"  CONSTRAINT {quoted(label)} " if label else " "
        self.batch(f"ALTER TABLE {self.full(schema, table)}{check} ADD{prefix}{text}",
                   [self.made("constraint", schema, label, table, constraint_kind=kind)])
        return schema, table

    def foreign_key(self):
        label = self.name()
        schema, table = self.added("foreign_key", "FOREIGN KEY([ID])\r\nREFERENCES [dbo].[t] "
                                                  "([ID]) "
                                   "ON DELETE CASCADE", label)
        self.batch(f"ALTER TABLE {self.full(schema, table)} CHECK CONSTRAINT {quoted(label)}",
                   [self.made("constraint", schema, label, table, action="alter")])

    def default(self):
        self.added("default", " DEFAULT (getdate()) FOR [ID]", self.pick((self.name(), None)))

    def check(self):
        self.added("check", "CHECK  (([ID]>(0)))", self.pick((self.name(), None)))

    def many_constraints(self):
        schema, table = self.pick(self.tables)
        one, two = self.name(), self.name()
        self.batch(f"ALTER TABLE {self.full(schema, table)} ADD \r\n\tCONSTRAINT {quoted(one)} "
                   f"DEFAULT "
                   f"(0) FOR [a],\r\n\tCONSTRAINT {quoted(two)} UNIQUE NONCLUSTERED ([a]),\r\n\t"
                   "CHECK ([a] > 0)",
                   [self.made("constraint", schema, one, table, constraint_kind="default"),
                    self.made("constraint", schema, two, table, constraint_kind="unique"),
                    self.made("constraint", schema, None, table, constraint_kind="check")])

    def alter_table(self):
        schema, table = self.pick(self.tables)
        label = self.name()
        self.batch(f"ALTER TABLE {self.full(schema, table)} ADD [new] int NOT NULL CONSTRAINT "
                   f"{quoted(label)} DEFAULT 0",
                   [self.made("table", schema, table, action="alter"),
                    self.made("constraint", schema, label, table, constraint_kind="default")])
        self.batch(f"ALTER TABLE {self.full(schema, table)} DROP CONSTRAINT {quoted(label)}",
                   [self.made("constraint", schema, label, table, action="drop")])
        self.batch(f"ALTER TABLE {self.full(schema, table)} ALTER COLUMN [new] bigint NULL",
                   [self.made("table", schema, table, action="alter")])

    def property(self):
        schema, table = self.pick(self.tables)
        schema = schema or "dbo"
        value = literal(self.pick(REMARKS).replace("''", "'"))
        levels = (f"@level0type=N'SCHEMA',@level0name={literal(schema)}, @level1type=N'TABLE',"
                  f"@level1name={literal(table)}")
        verb, action = self.pick((("add", "create"), ("update", "alter"), ("add", "create")))
        minor = None
        if self.chance(2):
            column = self.name()
            levels += f", @level2type=N'COLUMN',@level2name={literal(column)}"
            minor = "column " + column
        if self.chance(4):  # of the schema itself, by position
            self.batch(f"EXEC sp_addextendedproperty N'Note', {value}, N'SCHEMA', "
                       f"{literal(schema)}, "
                       "NULL, NULL, NULL, NULL",
                       [self.made("extended_property", None, "Note", schema)])
            return
        self.batch(f"EXEC sys.sp_{verb}extendedproperty @name=N'MS_Description', @value={value} , "
                   f"{levels}",
                   [self.made("extended_property", schema, "MS_Description", table, action=action,
                              **({"minor": minor} if minor else {}))])

    def grant(self):
        schema, table = self.pick(self.tables)
        verb = self.pick(("GRANT", "DENY", "REVOKE"))
        to = "FROM" if verb == "REVOKE" else "TO"
        if self.chance(3):
            self.batch(f"{verb} EXECUTE ON SCHEMA::{quoted(schema or 'dbo')} {to} [public]",
                       [self.made("grant", None, schema or "dbo", action="grant")])
        else:
            target = self.pick(("", "OBJECT::")) + self.full(schema, table)
            self.batch(f"{verb} SELECT, INSERT ON {target} {to} [app role] AS [dbo]",
                       [self.made("grant", schema, table, action="grant")])

    def schema(self):
        name = self.name()
        self.header("Schema", None, name)
        objects = [self.made("schema", None, name)]
        text = f"CREATE SCHEMA {quoted(name)} AUTHORIZATION [dbo]"
        if self.chance(3):
            table = self.name()
            text += f"\r\n  CREATE TABLE {quoted(table)} (i int)"
            text += f"\r\n  GRANT SELECT ON {quoted(table)} TO [x]"
            objects += [self.made("table", name, table),
                        self.made("grant", name, table, action="grant")]
        self.batch(text, objects)

    def type(self):
        schema, name = self.schema_name(), self.name()
        self.header("UserDefinedDataType", schema, name)
        self.batch(f"CREATE TYPE {self.full(schema, name)} FROM [nvarchar](50) NOT NULL",
                   [self.made("type", schema, name)])

    def table_type(self):
        schema, name = self.schema_name(), self.name()
        self.header("UserDefinedTableType", schema, name)
        self.batch(f"CREATE TYPE {self.full(schema, name)} AS TABLE(\r\n\t[i] [int] NOT NULL,\r\n\t"
                   "PRIMARY KEY CLUSTERED ([i] ASC)WITH (IGNORE_DUP_KEY = OFF)\r\n)",
                   [self.made("type", schema, name)])

    def synonym(self):
        schema, name = self.schema_name(), self.name()
        self.header("Synonym", schema, name)
        self.batch(f"CREATE SYNONYM {self.full(schema, name)} FOR [other].[dbo].[t]",
                   [self.made("synonym", schema, name)])

    def sequence(self):
        schema, name = self.schema_name(), self.name()
        self.header("Sequence", schema, name)
        self.batch(f"CREATE SEQUENCE {self.full(schema, name)} \r\n AS [bigint]\r\n START WITH 1",
                   [self.made("sequence", schema, name)])

    def user(self):
        name = self.name()
        self.header("User", None, name)
        self.batch(f"CREATE USER {quoted(name)} FOR LOGIN {quoted(name)} WITH DEFAULT_SCHEMA=[dbo]",
                   [self.made("user", None, name)])
        self.batch(f"CREATE LOGIN {quoted(name)} WITH PASSWORD=N'x;', CHECK_POLICY=OFF",
                   [self.made("login", None, name)])

    def role(self):
        name = self.name()
        self.header("DatabaseRole", None, name)
        kind, words = self.pick((("role", "ROLE"), ("application_role", "APPLICATION ROLE")))
        tail = "" if kind == "role" else " WITH PASSWORD = N'x'"
        self.batch(f"CREATE {words} {quoted(name)}{tail}", [self.made(kind, None, name)])

    def member(self):
        name = self.name()
        self.batch(self.pick((f"ALTER ROLE {quoted(name)} ADD MEMBER [x]",
                              f"EXEC sp_addrolemember {literal(name)}, N'x'",
                              f"exec sys.sp_addrolemember @rolename = {literal(name)}, "
                              "@membername = N'x'")),
                   [self.made("role", None, name, action="alter")])

    def data(self):
        schema, table = self.pick(self.tables)
        full = self.full(schema, table)
        rows = [f"INSERT {self.pick(('', 'INTO '))}{full} ([ID], [CHECK]) VALUES "
                f"({i}, N'{self.pick(REMARKS)}')" for i in range(self.random.randrange(1, 4))]
        self.batch(f"SET IDENTITY_INSERT {full} ON", [])
        self.batch("\r\n".join(rows), [self.made("table", schema, table, action="data")])
        self.batch(f"SET IDENTITY_INSERT {full} OFF", [])

    def temporary(self):
        name = self.name()
        self.batch(f"CREATE TABLE {quoted('#' + name)} (i int PRIMARY KEY)\r\nINSERT INTO "
                   f"{quoted('#' + name)} VALUES (1)", [])
        self.batch("DECLARE @t TABLE (i int)\r\nINSERT INTO @t VALUES (1)", [])
        self.batch(f"DROP TABLE {quoted('#' + name)}", [])

    def checked_table(self):
        schema, name = self.schema_name(), self.name()
        self.header("Table", schema, name)
        text, objects = self.table_text(schema, name)
        for one in objects:
            one["conditional"] = True
        check = literal(self.full(schema, name))
        self.batch(f"IF NOT EXISTS (SELECT * FROM sys.objects WHERE object_id = "
                   f"OBJECT_ID({check}) AND "
                   f"type in (N'U'))\r\nBEGIN\r\n{text}\r\nEND", objects)
        self.tables.append((schema, name))

    def checked_module(self):
        schema, name = self.schema_name(), self.name()
        kind, words, rest = self.pick((
            ("procedure", "PROCEDURE", " AS SELECT N'GO', ';'"),
            ("view", "VIEW", "\r\nAS\r\nSELECT 1 AS a\r\nGO of a view"),
            ("function", "FUNCTION", "() RETURNS int AS BEGIN RETURN 1 END")))
        self.header(words.title(), schema, name)
        inner = f"CREATE {words} {self.full(schema, name)}{rest}"
        check = literal(self.full(schema, name))
        call = self.pick(("EXEC dbo.sp_executesql @statement = ", "EXECUTE sp_executesql ",
        "EXEC "))
        argument = f"({literal(inner)})" if call == "EXEC " else literal(inner)
        block = self.chance(2)
        begin, end = ("BEGIN\r\n", "\r\nEND") if block else ("", "")
        self.batch(f"IF NOT EXISTS (SELECT * FROM sys.objects WHERE object_id = OBJECT_ID({check}))"
                   f"\r\n{begin}{call}{argument} {end}",
                   [self.made(kind, schema, name, dynamic=True, conditional=True)])

    def dynamic(self):
        schema, name = self.schema_name(), self.name()
        inner = literal(f"CREATE SYNONYM {self.full(schema, name)} FOR dbo.t")
        self.batch(f"EXEC({inner})", [self.made("synonym", schema, name, dynamic=True)])
        self.batch("DECLARE @s nvarchar(max) = N'CREATE TABLE dbo.no (i int)'\r\nEXEC(@s)", [])

    def checked_drop(self):
        schema, name = self.schema_name(), self.name()
        kind, words = self.pick((("table", "TABLE"), ("procedure", "PROCEDURE"), ("view", "VIEW"),
                                 ("function", "FUNCTION"), ("synonym", "SYNONYM")))
        full = self.full(schema, name)
        if self.chance(2):
            self.batch(f"DROP {words} IF EXISTS {full}",
                       [self.made(kind, schema, name, action="drop")])
        else:
            self.batch(f"IF  EXISTS (SELECT * FROM sys.objects WHERE object_id = OBJECT_ID("
                       f"{literal(full)}))\r\nDROP {words} {full}",
                       [self.made(kind, schema, name, action="drop", conditional=True)])

    def statistics(self):
        schema, table = self.pick(self.tables)
        name = self.name()
        self.header("Statistic", None, name)
        self.batch(f"CREATE STATISTICS {quoted(name)} ON {self.full(schema, table)}([ID])",
                   [self.made("statistics", schema, name, table)])

    def full_text(self):
        schema, table = self.pick(self.tables)
        name = self.name()
        self.batch(f"CREATE FULLTEXT CATALOG {quoted(name)} WITH ACCENT_SENSITIVITY = ON AS "
                   f"DEFAULT",
                   [self.made("fulltext_catalog", None, name)])
        self.header("FullTextIndex", None, "")
        self.batch(f"CREATE FULLTEXT INDEX ON {self.full(schema, table)}(\r\n[CHECK] LANGUAGE "
                   f"'English')"
                   f"\r\nKEY INDEX [pk] ON {quoted(name)}",
                   [self.made("fulltext_index", schema, table, table)])

    def partition(self):
        one, two = self.name(), self.name()
        self.batch(f"CREATE PARTITION FUNCTION {quoted(one)}(int) AS RANGE LEFT FOR VALUES (1, 2)",
                   [self.made("partition_function", None, one)])
        self.batch(f"CREATE PARTITION SCHEME {quoted(two)} AS PARTITION {quoted(one)} ALL TO "
                   f"([PRIMARY])",
                   [self.made("partition_scheme", None, two)])

    def xml_schema(self):
        schema, name = self.schema_name(), self.name()
        self.header("XmlSchemaCollection", schema, name)
        self.batch(f"CREATE XML SCHEMA COLLECTION {self.full(schema, name)} AS N'<x a=\"it''s\"/>'",
                   [self.made("xml_schema_collection", schema, name)])

    def security_policy(self):
        schema, name = self.schema_name(), self.name()
        self.batch(f"CREATE SECURITY POLICY {self.full(schema, name)}\r\nADD FILTER PREDICATE "
                   f"dbo.f(a) "
                   "ON dbo.t WITH (STATE = ON)", [self.made("security_policy", schema, name)])

    def rename(self):
        schema, table = self.pick(self.tables)
        self.batch(f"EXEC sp_rename {literal(self.full(schema, table) + '.[old]')}, N'new', "
                   f"'COLUMN'",
                   [self.made("table", schema, table, action="alter")])

    def switch(self):
        schema, table = self.pick(self.tables)
        name = self.name()
        objects = [self.made("trigger", schema, name, table, action="alter")]
        self.batch(self.pick((
            f"ALTER TABLE {self.full(schema, table)} DISABLE TRIGGER {quoted(name)}",
            f"DISABLE TRIGGER {self.full(schema, name)} ON {self.full(schema, table)}")), objects)

    def job(self):
        name = self.name()
        self.batch(f"EXEC msdb.dbo.sp_add_job @job_name={literal(name)}, @enabled=1",
                   [self.made("job", None, name)])

    def use(self):
        self.database = self.pick(("Shop", "Lager S\u00fcd", "x]y"))
        self.batch(f"USE {quoted(self.database)}", [])

    def several(self):
        schema, table = self.pick(self.tables)
        one, two = self.name(), self.name()
        self.batch(f"CREATE TABLE {self.full(schema, one)} (i int)\r\n"
                   f"CREATE UNIQUE INDEX {quoted(two)} ON {self.full(schema, one)} (i)\r\n"
                   f"INSERT INTO {self.full(schema, one)} VALUES (1);\r\n"
                   f"ALTER TABLE {self.full(schema, table)} NOCHECK CONSTRAINT ALL\r\n"
                   f"ALTER TABLE {self.full(schema, table)} ADD [late] int NULL",
                   [self.made("table", schema, one),
                    self.made("index", schema, two, one),
                    self.made("table", schema, one, action="data"),
                    self.made("table", schema, table, action="alter")])

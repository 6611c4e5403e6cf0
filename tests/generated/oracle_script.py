"""Scripts as DBMS_METADATA.GET_DDL and SQL*Plus spool them: quoted names, terminators of both
kinds, storage clauses, PL/SQL with strings and quotes that mislead, settings between."""

from script import Script, made

NOUNS = ("EMP", "ORDERS", "Mixed Case", "GR\u00d6SSE", "A$B", "X#1", "END", "TABLE", "LOOP",
"O'Brien",
         "a;b", "/", "--", "DECLARE")
OWNERS = ("HR", "OE", "App User", None)
STORAGE = ("  SEGMENT CREATION IMMEDIATE \n  PCTFREE 10 PCTUSED 40 INITRANS 1 MAXTRANS 255 \n"
           "  STORAGE(INITIAL 65536 NEXT 1048576)\n  TABLESPACE \"USERS\" ")
BODIES = (
    "IS\nBEGIN\n  NULL; -- it's nothing;\nEND;",
    "AS\n  s VARCHAR2(99) := q'[it's; not / over]';\nBEGIN\n  EXECUTE IMMEDIATE 'CREATE TABLE x "
    "(i INT)';\n"
    "  IF 1 = 1 THEN\n    CASE WHEN TRUE THEN NULL; END CASE;\n  END IF;\nEND;",
    "IS\n  PROCEDURE inner IS BEGIN NULL; END inner;\nBEGIN\n  /* CREATE VIEW v AS SELECT 1 "
    "FROM dual;\n"
    "  */\n  FOR r IN (SELECT 1 FROM dual) LOOP\n    INSERT INTO log VALUES ('END;');\n  END "
    "LOOP;\nEND;",
)


def quoted(name):
    return '"' + name + '"'


class OracleScript(Script):
    def __init__(self, seed):
        super().__init__(seed)
        self.schema_of_session = None
        self.tables = []
        self.makers = [self.table, self.table, self.view, self.procedure, self.procedure,
                       self.package, self.package, self.type, self.trigger, self.system_trigger,
                       self.index, self.index, self.constraint, self.constraint, self.modify,
                       self.comment, self.comment, self.grant, self.system_grant, self.synonym,
                       self.sequence, self.link, self.user, self.directory, self.data,
                       self.materialized_view, self.block, self.dynamic, self.session,
                       self.context, self.temporary, self.settings, self.java, self.compile]
        self.table()

    def add(self):
        self.pick(self.makers)()

    def name(self):
        self.names += 1
        return f"{self.pick(NOUNS)}{self.names}"

    def owner(self):
        return self.pick(OWNERS)

    def place(self, owner):
        """The schema that `owner`, or none, stands for."""
        return owner if owner is not None else self.schema_of_session

    @staticmethod
    def full(owner, name):
        return quoted(name) if owner is None else quoted(owner) + "." + quoted(name)

    def statement(self, text, objects):
        self.write("\n  " * self.chance(2) + text + self.pick((";\n", "\n/\n", ";\n\n")))
        self.units.append(objects)

    def program(self, text, objects):
        self.write("\n" + text + "\n" + self.pick(("/\n", "/\n\n", "  /\n")))
        self.units.append(objects)

    def table(self):
        owner, name = self.owner(), self.name()
        text, objects = self.table_text(owner, name)
        self.statement(text, objects)
        self.tables.append((owner, name))

    def table_text(self, owner, name, kind="TABLE"):
        schema = self.place(owner)
        objects = [made("table", schema, name)]
        lines = ['"ID" NUMBER(6,0)', '"NAME" VARCHAR2(20 BYTE) DEFAULT \'a, (b;\'']

        def constraint(kind, text, named):
            label = self.name() if named else None
            prefix = f"CONSTRAINT {quoted(label)} " if named else ""
            objects.append(made("constraint", schema, label, name, constraint_kind=kind))
            return prefix + text

        lines.append('"SALARY" NUMBER(8,2) ' + constraint("check", "NOT NULL ENABLE", True)
                     if self.chance(2) else '"SALARY" NUMBER(8,2) NOT NULL ENABLE')
        if self.chance(2):
            lines.append('"DEPT" NUMBER ' + constraint("foreign_key", 'REFERENCES "HR"."D" ("ID")',
                                                       self.chance(2)))
        if self.chance(2):
            lines.append(" " + constraint("check", "CHECK (salary > 0 AND name <> ')') ENABLE",
                                          self.chance(2)))
        lines.append(" " + constraint("primary_key", 'PRIMARY KEY ("ID")\n  USING INDEX PCTFREE 10 '
                     'TABLESPACE "USERS"  ENABLE', self.chance(3) is False))
        if self.chance(3):
            lines.append(" " + constraint("unique", 'UNIQUE ("NAME")', self.chance(2)))
        text = f"CREATE {kind} {self.full(owner, name)} \n   (\t" + ", \n\t".join(lines) + "\n   )"
        return text + (STORAGE if kind == "TABLE" else " ON COMMIT DELETE ROWS"), objects

    def temporary(self):
        owner, name = self.owner(), self.name()
        self.statement(*self.table_text(owner, name, "GLOBAL TEMPORARY TABLE"))

    def view(self):
        owner, name = self.owner(), self.name()
        self.statement(f"CREATE OR REPLACE {self.pick(('FORCE ', '', 'NOFORCE EDITIONABLE '))}VIEW "
                       f"{self.full(owner, name)} (\"A\") AS \n  SELECT ';' AS a FROM dual",
                       [made("view", self.place(owner), name)])

    def procedure(self):
        owner, name = self.owner(), self.name()
        kind, head = self.pick((("procedure", "PROCEDURE {} (p IN NUMBER := 1)"),
                                ("function", "FUNCTION {} (p VARCHAR2) RETURN NUMBER")))
        self.program(f"  CREATE OR REPLACE {self.pick(('', 'EDITIONABLE ', 'NONEDITIONABLE '))}"
                     f"{head.format(self.full(owner, name))} {self.pick(BODIES)}",
                     [made(kind, self.place(owner), name)])

    def package(self):
        owner, name = self.owner(), self.name()
        full = self.full(owner, name)
        self.program(f"CREATE OR REPLACE EDITIONABLE PACKAGE {full} AS\n  PROCEDURE p;\nEND;",
                     [made("package", self.place(owner), name)])
        self.program(f"CREATE OR REPLACE EDITIONABLE PACKAGE BODY {full} AS\n  PROCEDURE p "
                     f"{self.pick(BODIES)}\nEND;", [made("package_body", self.place(owner), name)])

    def type(self):
        owner, name = self.owner(), self.name()
        full = self.full(owner, name)
        self.program(f"CREATE OR REPLACE TYPE {full} AS OBJECT (i NUMBER, MEMBER FUNCTION f RETURN "
                     "NUMBER);", [made("type", self.place(owner), name)])
        if self.chance(2):
            self.program(f"CREATE OR REPLACE TYPE BODY {full} AS\n  MEMBER FUNCTION f RETURN "
                         f"NUMBER "
                         f"{self.pick(BODIES)}\nEND;", [made("type_body", self.place(owner), name)])

    def trigger(self):
        owner, table = self.pick(self.tables)
        name = self.name()
        event = self.pick(("BEFORE INSERT OR UPDATE OF a, b", "AFTER DELETE", "INSTEAD OF INSERT"))
        self.program(f"CREATE OR REPLACE TRIGGER {self.full(owner, name)} \n{event} ON "
                     f"{self.full(owner, table)}\nFOR EACH ROW\nBEGIN\n  :new.a := 'x;';\nEND;",
                     [made("trigger", self.place(owner), name, table)])

    def system_trigger(self):
        owner, name = self.owner(), self.name()
        event = self.pick(("AFTER LOGON ON DATABASE", "BEFORE DROP ON SCHEMA", "AFTER DDL ON "
                                                                               "hr.SCHEMA"))
        self.program(f"CREATE OR REPLACE TRIGGER {self.full(owner, name)} {event}\nBEGIN NULL; "
                     f"END;",
                     [made("ddl_trigger", self.place(owner), name)])

    def index(self):
        owner, table = self.pick(self.tables)
        name = self.name()
        kind = self.pick(("", "UNIQUE ", "BITMAP "))
        self.statement(f"CREATE {kind}INDEX {self.full(owner, name)} ON {self.full(owner, table)} "
                       f"(UPPER(\"NAME\")) \n{STORAGE}",
                       [made("index", self.place(owner), name, table)])

    def constraint(self):
        owner, table = self.pick(self.tables)
        schema, full = self.place(owner), self.full(owner, table)
        kind, text = self.pick((("foreign_key", 'FOREIGN KEY ("ID")\n\t  REFERENCES "HR"."D" '
                                                '("ID") ENABLE'),
                                ("primary_key", 'PRIMARY KEY ("ID") USING INDEX  ENABLE'),
                                ("unique", 'UNIQUE ("ID") ENABLE'),
                                ("check", "CHECK (a in ('x', ')')) ENABLE")))
        label, other = self.name(), self.name()
        if self.chance(3):
            self.statement(f"ALTER TABLE {full} ADD ( CONSTRAINT {quoted(label)} {text}\n, "
                           f"CONSTRAINT "
                           f"{quoted(other)} UNIQUE (a) )",
                           [made("constraint", schema, label, table, constraint_kind=kind),
                            made("constraint", schema, other, table, constraint_kind="unique")])
        else:
            self.statement(f"ALTER TABLE {full} ADD CONSTRAINT {quoted(label)} {text}",
                           [made("constraint", schema, label, table, constraint_kind=kind)])

    def modify(self):
        owner, table = self.pick(self.tables)
        full = self.full(owner, table)
        self.statement(f"ALTER TABLE {full} MODIFY (\"ID\" NOT NULL ENABLE)",
                       [made("table", self.place(owner), table, action="alter")])
        label = self.name()
        self.statement(f"ALTER TABLE {full} {self.pick(('DISABLE', 'ENABLE', 'MODIFY'))} "
                       f"CONSTRAINT "
                       f"{quoted(label)}",
                       [made("constraint", self.place(owner), label, table, action="alter")])

    def comment(self):
        owner, table = self.pick(self.tables)
        if self.chance(2):
            self.statement(f"COMMENT ON COLUMN {self.full(owner, table)}.\"ID\" IS 'it''s; id'",
                           [made("column", self.place(owner), "ID", table, action="comment")])
        else:
            self.statement(f"COMMENT ON TABLE {self.full(owner, table)}  IS 'x'",
                           [made("table", self.place(owner), table, action="comment")])

    def grant(self):
        owner, table = self.pick(self.tables)
        self.statement(f"GRANT SELECT, UPDATE (a, b) ON {self.full(owner, table)} TO \"APP\" WITH "
                       "GRANT OPTION", [made("grant", self.place(owner), table, action="grant")])

    def system_grant(self):
        name = self.name()
        self.statement(f"GRANT CREATE SESSION, UNLIMITED TABLESPACE TO {quoted(name)}",
                       [made("grant", None, name, action="grant")])

    def synonym(self):
        owner, name = self.owner(), self.name()
        public = self.chance(2)
        words = "PUBLIC SYNONYM " + quoted(name) if public else "SYNONYM " + self.full(owner, name)
        self.statement(f"CREATE OR REPLACE EDITIONABLE {words} FOR \"HR\".\"EMP\"",
                       [made("synonym", "PUBLIC" if public else self.place(owner), name)])

    def sequence(self):
        owner, name = self.owner(), self.name()
        self.statement(f"CREATE SEQUENCE  {self.full(owner, name)}  MINVALUE 1 MAXVALUE 99 "
                       f"INCREMENT BY "
                       "1 START WITH 1 CACHE 20 NOORDER  NOCYCLE", [made("sequence",
                       self.place(owner), name)])

    def link(self):
        name = self.name()
        self.statement(f"CREATE DATABASE LINK {quoted(name)}\n   CONNECT TO \"HR\" IDENTIFIED "
                       f"BY VALUES "
                       "':1'\n   USING 'db;'", [made("database_link", self.schema_of_session,
                       name)])

    def user(self):
        name = self.name()
        self.statement(f"CREATE USER {quoted(name)} IDENTIFIED BY VALUES 'S:1;2'\n DEFAULT "
                       f"TABLESPACE "
                       "\"USERS\"", [made("user", None, name)])
        self.statement(f"CREATE ROLE {quoted(name)}", [made("role", None, name)])

    def directory(self):
        name = self.name()
        self.statement(f"CREATE OR REPLACE DIRECTORY {quoted(name)} AS '/tmp/a;b'",
                       [made("directory", None, name)])

    def context(self):
        name = self.name()
        self.statement(f"CREATE OR REPLACE CONTEXT {quoted(name)} USING hr.pkg",
                       [made("context", None, name)])

    def data(self):
        owner, table = self.pick(self.tables)
        for i in range(self.random.randrange(1, 4)):
            self.write(f"Insert into {self.full(owner, table)} (ID) values ({i}, 'a;''b');\n")
            self.units.append([made("table", self.place(owner), table, action="data")])

    def materialized_view(self):
        owner, name = self.owner(), self.name()
        self.statement(f"CREATE MATERIALIZED VIEW {self.full(owner, name)} (\"A\")\n  BUILD "
                       f"IMMEDIATE\n"
                       "  AS SELECT 1 a FROM dual", [made("materialized_view", self.place(owner),
                       name)])
        owner, table = self.pick(self.tables)
        self.statement(f"CREATE MATERIALIZED VIEW LOG ON {self.full(owner, table)} WITH ROWID",
                       [made("materialized_view_log", self.place(owner), None, table)])

    def block(self):
        self.program("DECLARE\n  n NUMBER;\nBEGIN\n  INSERT INTO t VALUES ('CREATE TABLE no (i "
                     "INT);');\n"
                     "END;", [])

    def dynamic(self):
        name = self.name()
        self.program(f"BEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE {quoted(name)}';\nEXCEPTION WHEN "
                     f"OTHERS THEN "
                     "NULL;\nEND;".replace(name, name.replace("'", "''")),
                     [made("table", self.schema_of_session, name, action="drop", dynamic=True)])

    def session(self):
        name = self.pick(("HR", "Oe", "sh"))
        written, self.schema_of_session = self.pick(((name, name.upper()), (quoted(name), name)))
        self.statement(f"ALTER SESSION SET CURRENT_SCHEMA = {written}", [])

    def java(self):
        name = self.name()
        self.program(f"CREATE OR REPLACE AND COMPILE JAVA SOURCE NAMED {quoted(name)} "
                     f"AS\npublic class X "
                     "{ String s = \"a;b'\"; }", [made("java_source", self.schema_of_session,
                     name)])

    def compile(self):
        owner, name = self.owner(), self.name()
        self.statement(f"ALTER PACKAGE {self.full(owner, name)} COMPILE BODY",
                       [made("package", self.place(owner), name, action="alter")])

    def settings(self):
        self.write(self.pick(("SET DEFINE OFF\n", "PROMPT creating; things\n", "REM it's a "
                                                                               "remark;\n",
                              "SPOOL out.log\n", "WHENEVER SQLERROR EXIT\n")))

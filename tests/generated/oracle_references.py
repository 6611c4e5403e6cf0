"""Oracle scripts together with what depends on what in them. The statements of OracleScript stand
between as noise; names that mislead, q-quotes, cursors, CTEs called like tables are in the
bodies."""

from oracle_script import OracleScript, quoted
from script import made


class OracleReferences(OracleScript):
    def __init__(self, seed):
        super().__init__(seed)
        self.relations, self.bases, self.procedures, self.functions = [], [], [], []
        self.packages, self.types, self.sequences = [], [], []
        self.edges = set()
        self.referrers = set()
        noise = [maker for maker in self.makers if maker != self.session]
        self.makers = [self.own_view, self.own_view, self.own_routine, self.own_routine,
                       self.own_package, self.own_trigger, self.own_table, self.own_key,
                       self.own_synonym, lambda: self.pick(noise)()]
        for _ in range(4):
            self.own_type()
            self.own_sequence()
            self.own_table()
        for kind in ("procedure", "function", "procedure", "function"):
            self.own_routine(kind)
        self.own_package()

    def own_name(self):
        return self.pick(("HR", "OE", "App User")), self.name()

    def spelled(self, one):
        """Without the owner where whoever names it has the same."""
        owner, name = one
        return self.full(None if owner == self.home and self.chance(2) else owner, name)

    def to(self, kind, choices):
        one = self.pick(choices)
        self.said.add((kind, *one))
        return self.spelled(one)

    def reads(self):
        return self.to("reads", self.relations)

    def writes(self):
        return self.to("writes", self.bases)

    def elsewhere(self):
        """One behind a link, called like one that is here."""
        one = self.pick(self.relations)
        self.said.add(("reads", "@FAR", *one))
        return self.full(*one) + self.pick(("@far", '@"FAR"'))

    def begin(self, one):
        self.home, self.said = one[0], set()

    def end(self, kind, one):
        self.referrers.add((kind, one[1]))
        # A routine that names itself depends on nothing; a body may call its package.
        self.edges |= {(said[0], kind, *one, *said[1:]) for said in self.said
                       if said[1:] != one or kind == "package_body"}

    # Queries.

    def call(self):
        return self.pick((lambda: self.to("calls", self.functions) + "({})",
                          lambda: self.to("calls", self.packages) + ".get({})"))()

    def condition(self, alias):
        column = f'{alias}."ID"'
        return self.pick((
            lambda: f'{column} IN (SELECT x."ID" FROM {self.reads()} x)',
            lambda: f"EXISTS (SELECT NULL FROM {self.reads()} WHERE 1 = 1)",
            lambda: f"{alias}.NAME <> q'[SELECT ' FROM nowhere]' -- FROM nothing, here\n",
            lambda: f"{self.call().format(column)} = 1",
            lambda: f"EXTRACT(YEAR FROM {alias}.D) > 2000 /* JOIN no */",
            lambda: f"TRIM(LEADING '0' FROM {alias}.NAME) IS NOT NULL",
            lambda: f'({alias}.NAME, {column}) NOT IN (SELECT NAME, MAX("ID") FROM '
                    f"{self.reads()} GROUP BY NAME)",
            lambda: f"{column} > ALL (SELECT 1 FROM dual UNION SELECT 2 FROM {self.reads()})"))()

    def source(self, alias):
        return self.pick((
            lambda: f"{self.reads()} {alias}",
            lambda: f"{self.reads()} PARTITION (p1) {alias}",
            lambda: f"{self.reads()} SAMPLE (5) {alias}",
            lambda: f"{self.elsewhere()} {alias}",
            lambda: f"{self.reads()} AS OF TIMESTAMP SYSDATE - 1 {alias}",
            lambda: f"(SELECT * FROM {self.reads()}) {alias}",
            lambda: f'(SELECT "ID", NAME FROM {self.reads()} UNION ALL SELECT "ID", NAME FROM '
                    f"{self.reads()} MINUS SELECT 1, 'FROM x' FROM dual) {alias}",
            lambda: f"TABLE({self.to('calls', self.functions)}(1)) {alias}",
            lambda: f"XMLTABLE('/r' PASSING XMLTYPE('<r/>') COLUMNS \"ID\" NUMBER PATH 'a') "
                    f"{alias}"))()

    def select(self):
        return self.pick((
            lambda: f'SELECT s."ID", s.NAME FROM {self.source("s")} WHERE {self.condition("s")}',
            lambda: f'SELECT s."ID" FROM {self.source("s")}\n  LEFT OUTER JOIN {self.source("t")} '
                    f'ON s."ID" = t."ID" AND {self.condition("t")} ORDER BY s."ID"',
            lambda: f'SELECT s."ID" FROM {self.reads()} s, {self.reads()} t, dual WHERE s."ID" = '
                    't."ID"(+)',
            lambda: f'SELECT "ID" FROM {self.reads()} NATURAL JOIN {self.reads()}',
            lambda: f'SELECT LEVEL FROM {self.reads()} s START WITH s."ID" = 1 CONNECT BY NOCYCLE '
                    'PRIOR s."ID" = s.PARENT',
            lambda: f"SELECT LISTAGG(s.NAME, ', ') WITHIN GROUP (ORDER BY s.NAME) AS \"FROM\", "
                    f'ROW_NUMBER() OVER (PARTITION BY s."ID" ORDER BY s.NAME) n FROM '
                    f'{self.reads()} s JOIN {self.reads()} r USING ("ID")',
            lambda: f"SELECT {self.to('uses', self.sequences)}.NEXTVAL, {self.call().format('1')} "
                    f"FROM {self.reads()}",
            lambda: f'SELECT * FROM (SELECT "ID", NAME FROM {self.reads()}) PIVOT (COUNT("ID") FOR '
                    "NAME IN ('a' AS x, 'b' AS y))",
            lambda: f'SELECT CASE WHEN {self.condition("s")} THEN 1 ELSE (SELECT MAX(i."ID") FROM '
                    f'{self.reads()} i) END c FROM {self.reads()} s FETCH FIRST 3 ROWS ONLY',
            lambda: f'SELECT s."ID" FROM {self.reads()} s CROSS APPLY (SELECT * FROM '
                    f'{self.reads()} q WHERE q."ID" = s."ID") a, LATERAL (SELECT 1 FROM '
                    f"{self.reads()}) b",
        ))()

    def with_cte(self):
        if not self.chance(4):
            return self.select()
        source, cte = self.source("z"), quoted(self.pick(self.bases)[1])
        if cte in source:  # it would be itself
            cte = "one"
        return (f'WITH {cte} AS (SELECT "ID", NAME FROM {source}), two (a) AS (SELECT '
                f'"ID" FROM {cte}) SELECT x."ID", y.a FROM {cte} x JOIN two y ON x."ID" = y.a')

    # Bodies.

    def step(self):
        return self.pick((
            lambda: f"INSERT INTO {self.writes()} (\"ID\") {self.select()};",
            lambda: f"INSERT INTO {self.writes()} VALUES (1, 'INSERT INTO x') RETURNING "
                    '"ID" INTO n;',
            lambda: f'INSERT ALL INTO {self.writes()} ("ID") VALUES (a) INTO {self.writes()} '
                    f'("ID") VALUES (a) SELECT "ID" a FROM {self.reads()};',
            lambda: f"UPDATE {self.writes()} t SET t.NAME = 'FROM y' WHERE t.\"ID\" = n;",
            lambda: f'UPDATE {self.writes()} SET ("ID", NAME) = (SELECT "ID", NAME FROM '
                    f"{self.reads()}) WHERE 1 = 2;",
            lambda: f"DELETE FROM {self.writes()} d WHERE {self.condition('d')};",
            lambda: f'DELETE {self.writes()} WHERE "ID" = 1;',
            lambda: f"UPDATE (SELECT a.NAME FROM {self.writes()} a JOIN {self.reads()} b ON "
                    'a."ID" = b."ID") SET NAME = \'x\';',
            lambda: f'INSERT INTO (SELECT "ID" FROM {self.writes()} WHERE "ID" > 1) VALUES (2);',
            lambda: f'MERGE INTO {self.writes()} d USING (SELECT "ID" FROM {self.reads()}) s ON '
                    '(d."ID" = s."ID") WHEN MATCHED THEN UPDATE SET d.NAME = \'x\' DELETE WHERE '
                    'd.NAME = \'y\' WHEN NOT MATCHED THEN INSERT ("ID") VALUES (s."ID");',
            lambda: f'MERGE INTO {self.writes()} d USING {self.reads()} s ON (d."ID" = s."ID") '
                    "WHEN MATCHED THEN UPDATE SET d.NAME = 'x';",
            lambda: f'SELECT s."ID" INTO n FROM {self.source("s")} WHERE ROWNUM = 1;',
            lambda: f'SELECT COUNT(*) INTO n FROM {self.reads()} s WHERE {self.condition("s")};',
            lambda: f"FOR x IN ({self.select()}) LOOP n := n + 1; END LOOP;",
            lambda: f"FOR i IN 1 .. 3 LOOP DELETE FROM {self.writes()}; EXIT WHEN i = 2; END LOOP;",
            lambda: f'OPEN rc FOR SELECT "ID" FROM {self.reads()}; FETCH rc INTO n; CLOSE rc;',
            lambda: f"FORALL i IN 1 .. 3 UPDATE {self.writes()} SET NAME = 'z' WHERE \"ID\" = i;",
            lambda: f"{self.to('calls', self.procedures)}(n);",
            lambda: f"{self.to('calls', self.procedures)};",
            lambda: f"{self.to('calls', self.packages)}.run(n, 'CALL x');",
            lambda: f"n := {self.call().format('n')} + 1;",
            lambda: f"n := {self.to('uses', self.sequences)}.NEXTVAL;",
            lambda: "EXECUTE IMMEDIATE 'DELETE FROM hidden';",
            lambda: f"IF n > 1 THEN DELETE FROM {self.writes()}; ELSIF n = 2 THEN NULL; ELSE "
                    f"UPDATE {self.writes()} SET NAME = q'{{FROM}}'; END IF;",
            lambda: f"BEGIN SELECT 1 INTO n FROM {self.reads()}; EXCEPTION WHEN OTHERS THEN "
                    "ROLLBACK; RAISE; END;",
            lambda: f"CASE n WHEN 1 THEN DELETE FROM {self.writes()}; ELSE NULL; END CASE;",
            lambda: "-- DELETE FROM nothing;\n  COMMIT;"))()

    def declarations(self):
        lines = ["n NUMBER := 1;", "rc SYS_REFCURSOR;"]
        if self.chance(2):
            lines.append(f"r {self.to('uses', self.bases)}%ROWTYPE;")
        if self.chance(2):
            lines.append(f'v {self.to("uses", self.bases)}."ID"%TYPE;')
        if self.chance(2):
            lines.append(f"t {self.to('uses', self.types)};")
        if self.chance(2):
            lines.append(f"CURSOR c (k NUMBER) IS {self.select()};")
        return "\n  ".join(lines)

    def body(self, end=""):
        count = self.random.randrange(1, 5)
        lines = "\n  ".join(self.step() for _ in range(count))
        return f"\n  {self.declarations()}\nBEGIN\n  {lines}\n  {end}\nEND;"

    # Objects.

    def own_view(self):
        one = self.own_name()
        self.begin(one)
        kind, words = self.pick((("view", "OR REPLACE FORCE VIEW"),
                                 ("materialized_view", "MATERIALIZED VIEW"),
                                 ("view", "OR REPLACE EDITIONABLE VIEW")))
        columns = ' ("ID", "NAME")' if kind == "view" and self.chance(2) else ""
        self.defined(f"CREATE {words} {self.full(*one)}{columns} AS \n  {self.with_cte()}",
                          kind, one)
        self.relations.append(one)

    def defined(self, text, kind, one):
        self.statement(text, [made(kind, *one)])
        self.end(kind, one)

    def own_routine(self, kind=None):
        one = self.own_name()
        self.begin(one)
        kind = kind or self.pick(("procedure", "function"))
        homes = {"procedure": self.procedures, "function": self.functions}
        full = self.full(*one)
        if not self.packages:
            text = f"{kind.upper()} {full} (p NUMBER)" + \
                (" RETURN NUMBER IS BEGIN RETURN 1; END;" if kind == "function" else
                 f" IS BEGIN DELETE FROM {self.writes()}; END;")
        elif kind == "procedure":
            text = f"PROCEDURE {full} (p IN OUT NOCOPY {self.to('uses', self.types)}) AS" + \
                self.body()
        else:
            text = f"FUNCTION {full} (p NUMBER DEFAULT 1) RETURN NUMBER IS" + \
                self.body("RETURN n;")
        self.program(f"CREATE OR REPLACE {text}", [made(kind, *one)])
        self.end(kind, one)
        homes[kind].append(one)

    def own_package(self):
        one = self.own_name()
        self.begin(one)
        self.program(f"CREATE OR REPLACE PACKAGE {self.full(*one)} AS\n  PROCEDURE run (a NUMBER, "
                     "b VARCHAR2);\n  FUNCTION get (a NUMBER) RETURN NUMBER;\n  t "
                     f"{self.to('uses', self.types)};\nEND;", [made("package", *one)])
        self.end("package", one)
        self.begin(one)
        self.packages.append(one)
        self.program(f"CREATE OR REPLACE PACKAGE BODY {self.full(*one)} AS\n"
                     f"PROCEDURE run (a NUMBER, b VARCHAR2) IS{self.body()}\n"
                     f"FUNCTION get (a NUMBER) RETURN NUMBER IS{self.body('RETURN n;')}\nEND;",
                     [made("package_body", *one)])
        self.end("package_body", one)

    def own_trigger(self):
        owner, table = self.pick(self.bases)
        one = (owner, self.name())
        self.begin(one)
        self.said.add(("on", owner, table))
        event = self.pick(("BEFORE INSERT OR UPDATE OF NAME", "AFTER DELETE", "BEFORE DELETE"))
        self.program(f"CREATE OR REPLACE TRIGGER {self.full(*one)} {event} ON "
                     f"{self.full(owner, table)} REFERENCING NEW AS new OLD AS old FOR EACH ROW "
                     f"WHEN (new.\"ID\" > 0)\nDECLARE{self.body(':new.NAME := :old.NAME;')}",
                     [made("trigger", *one, table)])
        self.end("trigger", one)

    def own_table(self):
        one = self.own_name()
        self.begin(one)
        lines = ['"ID" NUMBER(6,0) NOT NULL ENABLE', '"NAME" VARCHAR2(20 CHAR)',
                 f'"T" {self.to("uses", self.types)}', '"PARENT" NUMBER']
        objects = [made("table", *one)]
        if self.bases and self.chance(2):
            target, key = self.pick(self.bases), self.name()
            lines.append(f'CONSTRAINT {quoted(key)} FOREIGN KEY ("ID")\n\t  REFERENCES '
                         f'{self.spelled(target)} ("ID") ON DELETE CASCADE ENABLE')
            objects.append(made("constraint", one[0], key, one[1], constraint_kind="foreign_key"))
            self.key_edge(one[0], key, target)
        self.statement(f"CREATE TABLE {self.full(*one)} \n   (\t" + ", \n\t".join(lines)
                               + "\n   )", objects)
        self.end("table", one)
        self.bases.append(one)
        self.relations.append(one)

    def key_edge(self, owner, key, target):
        self.referrers.add(("constraint", key))
        self.edges.add(("references", "constraint", owner, key, *target))

    def own_key(self):
        (owner, table), target, key = self.pick(self.bases), self.pick(self.bases), self.name()
        self.home = owner
        self.statement(f"ALTER TABLE {self.full(owner, table)} ADD CONSTRAINT {quoted(key)} "
                               f'FOREIGN KEY ("ID")\n\t  REFERENCES {self.spelled(target)} ("ID") '
                               "ENABLE", [made("constraint", owner, key, table,
                                               constraint_kind="foreign_key")])
        self.key_edge(owner, key, target)

    def own_synonym(self):
        one = self.own_name()
        self.begin(one)
        self.defined(f"CREATE OR REPLACE SYNONYM {self.full(*one)} FOR "
                          f"{self.to('uses', self.relations)}", "synonym", one)
        self.relations.append(one)

    def own_type(self):
        one = self.own_name()
        self.program(f"CREATE OR REPLACE TYPE {self.full(*one)} AS TABLE OF NUMBER;",
                     [made("type", *one)])
        self.types.append(one)

    def own_sequence(self):
        one = self.own_name()
        self.statement(f"CREATE SEQUENCE {self.full(*one)} START WITH 1",
                               [made("sequence", *one)])
        self.sequences.append(one)

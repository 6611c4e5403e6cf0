"""What the bodies of routines and triggers read, write and call, as a MariaDB server knows it.

It has no table of that, but it takes a lock on everything that a function may touch before it runs
the statement that calls it, whichever branch is taken then; the plugin metadata_lock_info lists
them, and whether they are for reading or for writing. Procedures are called by a function for it.
What others do in turn (routines that are called, views, triggers, foreign keys) is taken out of the
way first: a body's locks are then what it names itself."""

import re

TRUTH = ("SELECT lock_mode, lock_type, table_schema, table_name{} "
         "FROM information_schema.metadata_lock_info")
PROBE = "engine_probe"
KINDS = {"Table metadata lock": "touches", "Stored function metadata lock": "calls",
         "Stored procedure metadata lock": "calls"}
# What a body makes for itself, or drops that a caller has made, is no object of a database.
TEMPORARY = r"(?:{})\s+TEMPORARY\s+TABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?`?(?:\w+`?\.`?)?([\w$]+)"
# Not locked by name, but in memory.
UNLOCKED = "information_schema"


def temporary(word, body):
    return {name.lower() for name in re.findall(TEMPORARY.format(word), body, re.IGNORECASE)}


def text_of(hexadecimal):
    return bytes.fromhex(hexadecimal).decode("utf-8")


class Routine:
    def __init__(self, row):
        self.schema, self.name, self.kind, self.mode = row[:4]
        self.parameters, self.returns, self.body = (text_of(part) for part in row[4:7])
        self.count = int(row[7])

    def title(self):
        return f"{self.kind} `{self.schema}`.`{self.name}`"

    def definition(self, body):
        returns = f" RETURNS {self.returns}" if self.returns else ""
        return (f"USE `{self.schema}`;\nDROP {self.title()};\nSET sql_mode = '{self.mode}';\n"
                f"DELIMITER $end$\nCREATE {self.title()}({self.parameters}){returns} "
                f"MODIFIES SQL DATA\n{body}\n$end$\nDELIMITER ;\n")

    def stub(self):
        return self.definition("RETURN NULL" if self.returns else "BEGIN END")

    def probe(self):
        """A function that calls it, and what is locked by whoever calls that."""
        variables = ", ".join(f"v{i}" for i in range(self.count + 1))
        arguments = ", ".join(f"v{i}" for i in range(1, self.count + 1))
        name = f"`{self.schema}`.`{self.name}`({arguments})"
        call = f"SET v0 = {name}" if self.returns else f"CALL {name}"
        own = f"`{self.schema}`.{PROBE}"
        return (f"DELIMITER $end$\nCREATE FUNCTION {own}() RETURNS INT MODIFIES SQL DATA\n"
                f"BEGIN DECLARE {variables} INT; {call}; RETURN 0; END\n$end$\nDELIMITER ;\n"
                + TRUTH.format(f", IF(1, 0, {own}())") + f";\nDROP FUNCTION {own};\n")


def routines(server, databases):
    rows = server.query(
        "SELECT p.db, p.name, p.type, p.sql_mode, HEX(p.param_list), HEX(p.returns), HEX(p.body), "
        "(SELECT COUNT(*) FROM information_schema.parameters a WHERE a.specific_schema = p.db "
        "AND a.specific_name = p.name AND a.routine_type = p.type AND a.ordinal_position > 0) "
        "FROM mysql.proc p WHERE p.type IN ('FUNCTION', 'PROCEDURE')")
    return [Routine(row) for row in rows if row[0] in databases]


def triggers(server, databases):
    """Schema, name, its table, and a script that makes it."""
    for schema, name, table, mode, when, body in server.query(
            "SELECT trigger_schema, trigger_name, event_object_table, sql_mode, "
            "CONCAT(action_timing, ' ', event_manipulation), HEX(action_statement) "
            "FROM information_schema.triggers"):
        if schema not in databases:
            continue
        head = f"CREATE TRIGGER `{schema}`.`{name}` {when} ON `{schema}`.`{table}` FOR EACH ROW"
        body = text_of(body)
        yield schema, name, table, body, (
            f"USE `{schema}`;\nSET sql_mode = '{mode}';\nDELIMITER $end$\n{head}\n{body}\n$end$\n"
            "DELIMITER ;\n")


def without_views(server, databases):
    """Scripts that make a table of each view."""
    for schema, name in server.query(
            "SELECT table_schema, table_name FROM information_schema.views"):
        if schema in databases:
            yield (f"DROP VIEW `{schema}`.`{name}`;\n"
                   f"CREATE TABLE `{schema}`.`{name}` (i INT) ENGINE = InnoDB;\n")


def without_keys(server, databases):
    for schema, table, name in server.query(
            "SELECT table_schema, table_name, constraint_name "
            "FROM information_schema.table_constraints WHERE constraint_type = 'FOREIGN KEY'"):
        if schema in databases:
            yield f"ALTER TABLE `{schema}`.`{table}` DROP FOREIGN KEY `{name}`;\n"


def locks(server, script, whose, body):
    """The edges of one body: (what, schema, name, schema, name)."""
    lines = server.answers(script)
    made = temporary("CREATE|DROP", body)
    for mode, kind, schema, name in (line[:4] for line in lines if len(line) >= 4):
        if kind not in KINDS or (schema, name) == whose or name == PROBE:
            continue
        if schema == UNLOCKED or name.lower() in made:
            continue
        yield KINDS[kind], *whose, schema, name.lower()
        if KINDS[kind] == "touches" and "READ" not in mode.replace("NO_READ", ""):
            yield "writes", *whose, schema, name.lower()


def known(server, databases):
    """Every edge of a body that the server knows of, and those that are left open: what hinders the
    server from telling is taken away."""
    bodies = routines(server, databases)
    hooks = list(triggers(server, databases))
    found, left_open = set(), set()
    failures = server.run("INSTALL SONAME 'metadata_lock_info';\n")
    failures += server.run("SET foreign_key_checks = 0;\n" + "".join(
        [f"DROP TRIGGER `{schema}`.`{name}`;\n" for schema, name, *_ in hooks]
        + [*without_keys(server, databases), *without_views(server, databases)]
        + [body.stub() for body in bodies]))
    for body in bodies:
        failures += server.run(body.definition(body.body))
        whose = (body.schema, body.name)
        found |= set(locks(server, body.probe(), whose, body.body))
        callers = temporary("DROP", body.body) - temporary("CREATE", body.body)
        left_open |= {(kind, *whose, body.schema, name) for name in callers
                      for kind in ("touches", "writes")}
        failures += server.run(body.stub())
    for schema, name, table, body, script in hooks:
        failures += server.run(script)
        edges = locks(server, f"LOCK TABLES `{schema}`.`{table}` WRITE;\n{TRUTH.format('')};\n"
                      "UNLOCK TABLES;\n", (schema, name), body)
        found |= {edge for edge in edges if edge[3:] != (schema, table.lower())}
        failures += server.run(f"DROP TRIGGER `{schema}`.`{name}`;\n")
    return found, left_open, failures


def told(edges):
    """The same of `engine deps`."""
    for edge in edges:
        source, kind, target = edge["from"], edge["kind"], edge["to"]
        if source["type"] not in ("function", "procedure", "trigger"):
            continue
        whose = (source["schema"], source["name"])
        schema, name = target["schema"] or source["schema"], target["name"].lower()
        if schema.lower() == UNLOCKED:
            continue
        if target["type"] == "sequence" and kind == "uses":
            yield "touches", *whose, schema, name
            yield "writes", *whose, schema, name
        if kind in ("reads", "writes"):
            if source["type"] == "trigger" and name == source["parent"].lower():
                continue
            yield "touches", *whose, schema, name
        if kind in ("writes", "calls"):
            yield kind, *whose, schema, name

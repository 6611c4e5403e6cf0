bCREATE FUNCTION d.f(a INT64) AS ("""a; 'b' \""" """);
DECLARE x INT64; BEGIN SELECT r'a\'; END;
# comment
SELECT `p.d.t`;

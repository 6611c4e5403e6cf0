pSET standard_conforming_strings = on;
CREATE FUNCTION public.f(a integer, b text DEFAULT 'x;y') RETURNS text LANGUAGE sql AS $body$ SELECT 'a'; $body$;
CREATE TABLE public.log (id integer, note text, CHECK (id > 0));
ALTER TABLE ONLY public.log ADD CONSTRAINT log_pkey PRIMARY KEY (id);
COPY public.log (id, note) FROM stdin;
1	a; b
2	it's \t late
\.
INSERT INTO public.log VALUES (3, E'it\'s; '), (4, 'two''s'), (5, 'a'||'b');
\connect other
SELECT (1; 2) \g
COMMENT ON TABLE public.log IS 'rows';
GRANT SELECT ON TABLE public.log TO reader;
CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;
\copy public.log from stdin
1	2
\.

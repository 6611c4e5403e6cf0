--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: sky; Type: SCHEMA; Schema: -; Owner: astronomer
--

CREATE SCHEMA sky;


ALTER SCHEMA sky OWNER TO astronomer;

--
-- Name: SCHEMA sky; Type: COMMENT; Schema: -; Owner: astronomer
--

COMMENT ON SCHEMA sky IS 'What was seen, when, and by whom; nothing derived';


--
-- Name: band; Type: TYPE; Schema: sky; Owner: astronomer
--

CREATE TYPE sky.band AS ENUM (
    'U',
    'B',
    'V',
    'R'
);


ALTER TYPE sky.band OWNER TO astronomer;

--
-- Name: brightness_ratio(numeric, numeric); Type: FUNCTION; Schema: sky; Owner: astronomer
--

CREATE FUNCTION sky.brightness_ratio(a numeric, b numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT power(10, (b - a) * 0.4); $$;


ALTER FUNCTION sky.brightness_ratio(a numeric, b numeric) OWNER TO astronomer;

--
-- Name: touch_target(); Type: FUNCTION; Schema: sky; Owner: astronomer
--

CREATE FUNCTION sky.touch_target() RETURNS trigger
    LANGUAGE plpgsql
    AS $body$
DECLARE
    note text := $q$seen; again$q$;
BEGIN
    UPDATE sky.target SET last_seen = NEW.seen_at, remark = note
     WHERE target_id = NEW.target_id;
    RETURN NEW;
END;
$body$;


ALTER FUNCTION sky.touch_target() OWNER TO astronomer;

--
-- Name: target; Type: TABLE; Schema: sky; Owner: astronomer
--

CREATE TABLE sky.target (
    target_id integer NOT NULL,
    name text NOT NULL,
    last_seen timestamp with time zone,
    remark text DEFAULT ''::text
);


ALTER TABLE sky.target OWNER TO astronomer;

--
-- Name: TABLE target; Type: COMMENT; Schema: sky; Owner: astronomer
--

COMMENT ON TABLE sky.target IS 'A star, a planet; anything that a telescope is pointed at';


--
-- Name: COLUMN target.remark; Type: COMMENT; Schema: sky; Owner: astronomer
--

COMMENT ON COLUMN sky.target.remark IS 'free text';


--
-- Name: target_target_id_seq; Type: SEQUENCE; Schema: sky; Owner: astronomer
--

CREATE SEQUENCE sky.target_target_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE sky.target_target_id_seq OWNER TO astronomer;

--
-- Name: target_target_id_seq; Type: SEQUENCE OWNED BY; Schema: sky; Owner: astronomer
--

ALTER SEQUENCE sky.target_target_id_seq OWNED BY sky.target.target_id;


--
-- Name: observation; Type: TABLE; Schema: sky; Owner: astronomer
--

CREATE TABLE sky.observation (
    target_id integer NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    filter sky.band NOT NULL,
    magnitude numeric(5,2),
    CONSTRAINT observation_magnitude_check CHECK (((magnitude > '-30'::numeric) AND (magnitude < '35'::numeric)))
);


ALTER TABLE sky.observation OWNER TO astronomer;

--
-- Name: brightest; Type: VIEW; Schema: sky; Owner: astronomer
--

CREATE VIEW sky.brightest AS
 SELECT t.name,
    min(o.magnitude) AS magnitude
   FROM (sky.target t
     JOIN sky.observation o USING (target_id))
  GROUP BY t.name;


ALTER VIEW sky.brightest OWNER TO astronomer;

--
-- Name: target target_id; Type: DEFAULT; Schema: sky; Owner: astronomer
--

ALTER TABLE ONLY sky.target ALTER COLUMN target_id SET DEFAULT nextval('sky.target_target_id_seq'::regclass);


--
-- Data for Name: target; Type: TABLE DATA; Schema: sky; Owner: astronomer
--

COPY sky.target (target_id, name, last_seen, remark) FROM stdin;
1	Vega	2024-08-11 22:14:00+00	the zero point; more or less
2	Algol	\N	variable -- see observation
3	Mira	2024-02-03 19:40:00+00	-- not a comment
\.


--
-- Data for Name: observation; Type: TABLE DATA; Schema: sky; Owner: astronomer
--

COPY sky.observation (target_id, seen_at, filter, magnitude) FROM stdin;
1	2024-08-11 22:14:00+00	V	0.03
3	2024-02-03 19:40:00+00	V	3.04
3	2024-02-03 19:52:00+00	B	\N
\.


--
-- Name: target_target_id_seq; Type: SEQUENCE SET; Schema: sky; Owner: astronomer
--

SELECT pg_catalog.setval('sky.target_target_id_seq', 3, true);


--
-- Name: target target_pkey; Type: CONSTRAINT; Schema: sky; Owner: astronomer
--

ALTER TABLE ONLY sky.target
    ADD CONSTRAINT target_pkey PRIMARY KEY (target_id);


--
-- Name: observation_seen_at_idx; Type: INDEX; Schema: sky; Owner: astronomer
--

CREATE INDEX observation_seen_at_idx ON sky.observation USING btree (seen_at);


--
-- Name: observation observation_touch; Type: TRIGGER; Schema: sky; Owner: astronomer
--

CREATE TRIGGER observation_touch AFTER INSERT ON sky.observation FOR EACH ROW EXECUTE FUNCTION sky.touch_target();


--
-- Name: observation observation_target_id_fkey; Type: FK CONSTRAINT; Schema: sky; Owner: astronomer
--

ALTER TABLE ONLY sky.observation
    ADD CONSTRAINT observation_target_id_fkey FOREIGN KEY (target_id) REFERENCES sky.target(target_id);


--
-- Name: TABLE observation; Type: ACL; Schema: sky; Owner: astronomer
--

GRANT SELECT ON TABLE sky.observation TO visitor;


--
-- PostgreSQL database dump complete
--


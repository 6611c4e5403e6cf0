SET DEFINE OFF
PROMPT The ferry: sailings and what is booked on them

CREATE TABLE ferry.sailing (
  sailing_id  NUMBER(10)    NOT NULL,
  departs     TIMESTAMP     NOT NULL,
  capacity    NUMBER(4)     DEFAULT 120 NOT NULL,
  CONSTRAINT sailing_pk PRIMARY KEY (sailing_id)
)
/

CREATE TABLE ferry.booking (
  booking_id  NUMBER(12)    NOT NULL,
  sailing_id  NUMBER(10)    NOT NULL,
  passenger   VARCHAR2(80)  NOT NULL,
  CONSTRAINT booking_pk PRIMARY KEY (booking_id)
);

CREATE SEQUENCE ferry.booking_seq START WITH 1 NOCACHE;

CREATE INDEX ferry.booking_sailing_ix ON ferry.booking (sailing_id);

ALTER TABLE ferry.booking ADD CONSTRAINT booking_sailing_fk
  FOREIGN KEY (sailing_id) REFERENCES ferry.sailing (sailing_id);

COMMENT ON TABLE ferry.booking IS 'One seat; the passenger''s name as it was given';

CREATE OR REPLACE PACKAGE ferry.desk AS
  full_up EXCEPTION;
  PROCEDURE book(p_sailing IN NUMBER, p_passenger IN VARCHAR2);
  FUNCTION seats_left(p_sailing IN NUMBER) RETURN NUMBER;
END desk;
/

CREATE OR REPLACE PACKAGE BODY ferry.desk AS

  FUNCTION seats_left(p_sailing IN NUMBER) RETURN NUMBER IS
    l_left NUMBER;
  BEGIN
    SELECT s.capacity - COUNT(b.booking_id)
      INTO l_left
      FROM ferry.sailing s LEFT JOIN ferry.booking b ON b.sailing_id = s.sailing_id
     WHERE s.sailing_id = p_sailing
     GROUP BY s.capacity;
    RETURN l_left;
  END seats_left;

  PROCEDURE book(p_sailing IN NUMBER, p_passenger IN VARCHAR2) IS
    l_note VARCHAR2(200) := q'[it's booked; see the desk]';
  BEGIN
    IF seats_left(p_sailing) < 1 THEN
      RAISE full_up;
    END IF;
    INSERT INTO ferry.booking (booking_id, sailing_id, passenger)
    VALUES (ferry.booking_seq.NEXTVAL, p_sailing, p_passenger);
    DBMS_OUTPUT.PUT_LINE(l_note);
  END book;

END desk;
/

CREATE OR REPLACE TRIGGER ferry.booking_bi
BEFORE INSERT ON ferry.booking
FOR EACH ROW
BEGIN
  :NEW.passenger := TRIM(:NEW.passenger);
END;
/

INSERT INTO ferry.sailing (sailing_id, departs) VALUES (1, TIMESTAMP '2024-07-01 08:30:00');
INSERT INTO ferry.sailing (sailing_id, departs) VALUES (2, TIMESTAMP '2024-07-01 17:45:00');

BEGIN
  ferry.desk.book(1, ' Ada ');
END;
/

CREATE OR REPLACE VIEW ferry.manifest_v AS
SELECT s.departs, b.passenger
  FROM ferry.sailing s JOIN ferry.booking b ON b.sailing_id = s.sailing_id;

GRANT SELECT ON ferry.manifest_v TO harbour_master;
COMMIT;

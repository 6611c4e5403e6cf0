PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE plant (
  plant_id INTEGER PRIMARY KEY,
  genus TEXT NOT NULL,
  species TEXT NOT NULL,
  UNIQUE (genus, species)
);
INSERT INTO plant VALUES(1,'Bellis','perennis');
INSERT INTO plant VALUES(2,'Urtica','dioica');
INSERT INTO plant VALUES(3,'Taraxacum','officinale; in the wide sense');
CREATE TABLE sheet (
  sheet_id INTEGER PRIMARY KEY,
  plant_id INTEGER NOT NULL REFERENCES plant,
  found_on TEXT NOT NULL CHECK (found_on LIKE '____-__-__'),
  place TEXT
);
INSERT INTO sheet VALUES(1,2,'2022-05-08','by the mill; left bank');
INSERT INTO sheet VALUES(2,1,'2022-06-19',NULL);
CREATE INDEX sheet_by_plant ON sheet(plant_id);
CREATE VIEW latest AS
  SELECT genus || ' ' || species AS plant, max(found_on) AS found_on
    FROM plant JOIN sheet USING (plant_id) GROUP BY plant_id;
CREATE TRIGGER sheet_date AFTER INSERT ON sheet WHEN NEW.found_on > date('now')
BEGIN
  SELECT RAISE(ABORT, 'found tomorrow; try again then');
END;
COMMIT;

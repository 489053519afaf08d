-- What is searched. The listing's JSON is in a table of its own, so that rows
-- are short; positions are on the National Grid, so that distances need no
-- trigonometry. Rows are loaded in the order of a space-filling curve.
CREATE EXTENSION postgis;
CREATE EXTENSION fuzzystrmatch;

CREATE TABLE listing (
  number      int NOT NULL,
  id          text COLLATE "C" NOT NULL,
  spot        geometry(Point, 27700),
  lat         float8,
  lon         float8,
  access      bigint NOT NULL,    -- bit i: feature i is a yes
  days        int NOT NULL,       -- bit i: weekday i
  pounds      float8 NOT NULL,    -- -1: not stated
  interests   smallint[] NOT NULL,
  catchment   text[],             -- NULL: anyone
  radius      float8 NOT NULL,    -- metres, 0: none
  centre_east float8,
  centre_north float8,
  newest      bigint NOT NULL,    -- minus the time of the last update
  words       tsvector NOT NULL
);
CREATE TABLE body (number int NOT NULL, json text NOT NULL);
-- Each word of the listings under itself and under all its forms with one letter
-- deleted: words one edit apart share such a key.
CREATE TABLE slip (key text COLLATE "C" NOT NULL, text text COLLATE "C" NOT NULL, stem text NOT NULL, listings int NOT NULL);
CREATE TABLE completion (key text COLLATE "C" NOT NULL, inside boolean NOT NULL, kind smallint NOT NULL, text text NOT NULL);

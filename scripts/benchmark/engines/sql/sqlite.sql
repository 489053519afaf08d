CREATE TABLE listing (
  number INTEGER PRIMARY KEY, -- in the order of a space-filling curve
  id TEXT NOT NULL,
  east REAL, north REAL, lat REAL, lon REAL,
  access INTEGER NOT NULL, days INTEGER NOT NULL, pounds REAL NOT NULL,
  catchment TEXT,             -- NULL: anyone; else its terms between bars
  radius REAL NOT NULL, centre_east REAL, centre_north REAL,
  newest INTEGER NOT NULL
);
CREATE TABLE body (number INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE interest (number INTEGER NOT NULL, interest INTEGER NOT NULL, PRIMARY KEY (number, interest)) WITHOUT ROWID;
CREATE VIRTUAL TABLE place USING rtree(number, west, east, south, north);
CREATE VIRTUAL TABLE words USING fts5(title, label, brief, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0");
CREATE TABLE slip (key TEXT NOT NULL, text TEXT NOT NULL, stem TEXT NOT NULL, listings INTEGER NOT NULL, PRIMARY KEY (key, text)) WITHOUT ROWID;
CREATE TABLE completion (key TEXT NOT NULL, inside INTEGER NOT NULL, kind INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (key, inside, kind, text)) WITHOUT ROWID;

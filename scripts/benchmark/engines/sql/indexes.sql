CREATE UNIQUE INDEX listing_number ON listing (number);
CREATE INDEX listing_spot ON listing USING gist (spot) WHERE spot IS NOT NULL;
CREATE INDEX listing_interests ON listing USING gin (interests) WHERE spot IS NOT NULL;
CREATE INDEX listing_newest ON listing (newest, id);
CREATE UNIQUE INDEX body_number ON body (number);
CREATE INDEX slip_key ON slip (key);
CREATE INDEX completion_key ON completion (key, inside, kind, text);

CREATE INDEX listing_words ON listing USING gin (words);

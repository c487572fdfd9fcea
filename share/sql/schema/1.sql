-- Mentions, and the counts made from them.
--
-- A mention is where a text names a product: found again it is the same row.
-- recorded_date is the day of the conversation (UTC), loaded_at the moment of
-- the load that last changed the row.
CREATE TABLE mentions (
	conversation_id {text} NOT NULL,
	text_number {int} NOT NULL,
	start {int} NOT NULL,
	entity_id {text} NOT NULL,
	interaction_type {varchar(50)} NOT NULL,
	product_name {varchar(100)} NOT NULL,
	surface {text},
	label {text},
	end_offset {int},
	confidence {real},
	source {text},
	recorded_date {day} NOT NULL,
	loaded_at {time} NOT NULL,
	PRIMARY KEY (conversation_id, text_number, start, entity_id)
) {keyed};

CREATE INDEX idx_mentions_day ON mentions
	(recorded_date, interaction_type, product_name, label);

-- One row a day, type of interaction and product; share/sql/tables/mentions.sql
-- makes it.
CREATE TABLE product_mentions (
	id {id},
	interaction_type {varchar(50)} NOT NULL,
	product_name {varchar(100)} NOT NULL,
	mention_count INTEGER NOT NULL,
	recorded_date {day} DEFAULT CURRENT_DATE,
	loaded_at {time} NOT NULL
) {table};

CREATE INDEX idx_mentions_type_product ON product_mentions
	(interaction_type, product_name);
CREATE INDEX idx_mentions_date ON product_mentions (recorded_date);
CREATE UNIQUE INDEX idx_mentions_natural ON product_mentions
	(recorded_date, interaction_type, product_name);

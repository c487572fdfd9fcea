-- Scores and speech insights; the trend as a view.
CREATE TABLE scores (
	contact_id {text} NOT NULL,
	model_id {text} NOT NULL,
	recorded_date {day} NOT NULL,
	score {real} NOT NULL,
	lower_bound {real},
	upper_bound {real},
	latency_ms {real},
	scored_at {time} NOT NULL,
	loaded_at {time} NOT NULL,
	PRIMARY KEY (model_id, contact_id, recorded_date)
) {keyed};

CREATE INDEX idx_scores_date ON scores (recorded_date);

CREATE TABLE insights (
	interaction_id {text} NOT NULL,
	speech_count {int},
	speech_sum {real},
	sentiment_count {int},
	sentiment_avg {real},
	csat {real},
	recorded_date {day},
	loaded_at {time} NOT NULL,
	PRIMARY KEY (interaction_id)
) {keyed};

CREATE INDEX idx_insights_date ON insights (recorded_date);

CREATE VIEW product_trend AS
SELECT recorded_date, product_name,
	CAST(sum(mention_count) AS BIGINT) AS mention_count
FROM product_mentions
GROUP BY recorded_date, product_name;

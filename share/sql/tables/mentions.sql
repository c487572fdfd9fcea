-- After a load of mentions, in its transaction: the counts of the days that
-- were touched are made again from their mentions. A count that is as it was
-- is left alone. What the labels call an issue is no product.
DELETE FROM product_mentions
WHERE recorded_date IN (SELECT day FROM touched)
AND (recorded_date, interaction_type, product_name) NOT IN (
	SELECT DISTINCT recorded_date, interaction_type, product_name
	FROM mentions
	WHERE recorded_date IN (SELECT day FROM touched)
	AND (label IS NULL OR lower(label) NOT IN
		('issue', 'misc', 'event', 'work_of_art')));

INSERT INTO product_mentions
	(interaction_type, product_name, mention_count, recorded_date, loaded_at)
SELECT interaction_type, product_name, count(*), recorded_date, :loaded_at
FROM mentions
WHERE recorded_date IN (SELECT day FROM touched)
AND (label IS NULL OR lower(label) NOT IN
	('issue', 'misc', 'event', 'work_of_art'))
GROUP BY recorded_date, interaction_type, product_name
ORDER BY recorded_date, interaction_type, product_name
ON CONFLICT (recorded_date, interaction_type, product_name) DO UPDATE
SET mention_count = excluded.mention_count, loaded_at = excluded.loaded_at
WHERE product_mentions.mention_count <> excluded.mention_count;

-- the products that were named most, and their share of all mentions
-- :since day -30d   the first day
-- :until day today  the last day
-- :limit int 10     how many
SELECT product_name,
	CAST(sum(mention_count) AS BIGINT) AS mention_count,
	CAST(sum(mention_count) AS DOUBLE PRECISION) / (
		SELECT sum(mention_count) FROM product_mentions
		WHERE recorded_date BETWEEN :since AND :until) AS share
FROM product_mentions
WHERE recorded_date BETWEEN :since AND :until
GROUP BY product_name
ORDER BY mention_count DESC, product_name
LIMIT :limit

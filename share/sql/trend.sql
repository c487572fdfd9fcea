-- how often each product was named, by day of the conversation
-- :since day -30d   the first day
-- :until day today  the last day
-- :type text        only interactions of that type
SELECT recorded_date, product_name,
	CAST(sum(mention_count) AS BIGINT) AS mention_count
FROM product_mentions
WHERE recorded_date BETWEEN :since AND :until
AND (:type IS NULL OR interaction_type = :type)
GROUP BY recorded_date, product_name
ORDER BY recorded_date, product_name

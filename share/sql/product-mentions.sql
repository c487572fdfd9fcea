-- the counts as they are kept: by type of interaction, product and day
-- :since day -30d   the first day
-- :until day today  the last day
SELECT interaction_type, product_name, mention_count, recorded_date
FROM product_mentions
WHERE recorded_date BETWEEN :since AND :until
ORDER BY recorded_date, interaction_type, product_name

-- what the loads changed that are still to be seen, and which days
SELECT loaded_at, CAST(count(*) AS BIGINT) AS mentions,
	CAST(count(DISTINCT conversation_id) AS BIGINT) AS conversations,
	min(recorded_date) AS first_day, max(recorded_date) AS last_day
FROM mentions
GROUP BY loaded_at
ORDER BY loaded_at

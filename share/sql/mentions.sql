-- every mention of a period, with its place in the conversation
-- :since day -30d   the first day
-- :until day today  the last day
SELECT conversation_id, text_number, start, end_offset, entity_id,
	product_name, surface, label, confidence, source, interaction_type,
	recorded_date, loaded_at
FROM mentions
WHERE recorded_date BETWEEN :since AND :until
ORDER BY recorded_date, conversation_id, text_number, start, entity_id

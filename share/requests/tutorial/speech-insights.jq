# What speech analytics found, by interaction.
#
# from and to are times, 730 days apart at most; ids and topics are arrays, or
# words with commas between them, empty ones leaving their filter out; sentiment is
# the least score, or none.
def list: if type == "string" then split(",") else . end;
def within($field; $op; $values):
  if $values == null or ($values | length) == 0 then empty
  else {filters: [{field: $field, op: $op, values: ($values | list)}]} end;
{
  method: "POST",
  path: "/api/v2/analytics/conversations/summary/query",
  body: {
    dateFrom: (.vars.from // .record.from
      // (.now | fromdate - 30 * 86400 | todate)),
    dateTo: (.vars.to // .record.to // .now),
    interval: (.vars.interval // "PT1H"),
    conversationType: (.vars.type // "speech"),
    filterGroups: [
      within("id"; "in"; .vars.ids // null),
      within("speechAnalytics.topics.name"; "in"; .vars.topics // null),
      within("sentiment.score"; "gte";
        [.vars.sentiment // 0.5 | select(. != "none") | tonumber])
    ],
    metrics: ["speechAnalytics", "sentiment"],
    groupings: ["interactionId", "agentId"],
    size: (.vars.size // 100 | tonumber),
    offset: 0,
    speechAnalyticsModelId: (.vars.model_id // .env.model_id)
  },
  items: "byGroup",
  map: "{interactionId: .groupId} + .byMetric
    + (if .timestamp then {timestamp} else {} end)",
  repeat: true,
  paginate: "offset",
  scopes: "analytics:query speechanalytics:read webhooks:readwrite reports:read"
}

# How satisfied customers said they were, by interaction; null: nothing said.
#
# from and to are times; with --since, from is where the last run ended. ids is
# an array, or words with commas between them.
def list: if type == "string" then split(",") else . end;
{
  method: "POST",
  path: "/api/v2/analytics/surveys/summary/query",
  body: {
    dateFrom: (.vars.from // .record.from // .vars.since
      // (.now | fromdate - 30 * 86400 | todate)),
    dateTo: (.vars.to // .record.to // .now),
    interval: (.vars.interval // "PT1H"),
    filterGroups: [.vars.ids // empty |
      select(length > 0) | {filters: [{field: "id", op: "in", values: list}]}],
    metrics: ["csat"],
    groupings: ["interactionId"],
    size: (.vars.size // 100 | tonumber),
    offset: 0
  },
  items: "byGroup",
  map: "{interactionId: .groupId, csat: .byMetric.csat.avg}",
  repeat: true,
  paginate: "offset",
  scopes: "analytics:query speechanalytics:read webhooks:readwrite reports:read"
}

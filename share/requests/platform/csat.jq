# How satisfied customers said they were, by conversation; null: nothing said.
#
# from and to are times; with --since, from is where the last run ended.
{
  method: "POST",
  path: "/api/v2/analytics/surveys/aggregates/query",
  body: {
    interval: "\(.vars.from // .record.from // .vars.since
      // (.now | fromdate - 30 * 86400 | todate))/\(
      .vars.to // .record.to // .now)",
    groupBy: ["conversationId"],
    metrics: ["oSurveyTotalScore"]
  },
  items: "results",
  map: "{interactionId: .group.conversationId, csat: (
    [.data[]?.metrics[]? | select(.metric == \"oSurveyTotalScore\").stats]
    | (map(.count) | add) as $n
    | if ($n // 0) > 0 then (map(.sum) | add) / $n else null end)}",
  repeat: true,
  paginate: "none"
}

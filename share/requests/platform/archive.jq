# Conversations of a medium and a period.
#
# from and to are times, 31 days apart at most; with --since, from is where the
# last run ended. type is the medium, such as voice, chat or message. What was
# said is fetched for each by -r transcript.
{
  method: "POST",
  path: "/api/v2/analytics/conversations/details/query",
  body: {
    interval: "\(.vars.from // .record.from // .vars.since
      // (.now | fromdate - 30 * 86400 | todate))/\(
      .vars.to // .record.to // .now)",
    order: "asc",
    orderBy: "conversationStart",
    segmentFilters: [{type: "and", predicates: [
      {dimension: "mediaType", operator: "matches",
        value: (.vars.type // "voice")}]}],
    paging: {pageSize: (.vars.size // 100 | tonumber), pageNumber: 1}
  },
  items: "conversations",
  map: "{id: .conversationId, type: \(.vars.type // "voice" | tojson),
    date: .conversationStart,
    communications: [.participants[]? | .sessions[]? | .sessionId]}",
  repeat: true,
  paginate: "page-body"
}

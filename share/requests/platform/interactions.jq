# Conversations by chat or message of a period that have ended.
#
# from and to are times, 31 days apart at most; with --since, from is where the
# last run ended.
{
  method: "POST",
  path: "/api/v2/analytics/conversations/details/query",
  body: {
    interval: "\(.vars.from // .record.from // .vars.since
      // (.now | fromdate - 30 * 86400 | todate))/\(
      .vars.to // .record.to // .now)",
    order: "asc",
    orderBy: "conversationStart",
    conversationFilters: [{type: "and", predicates: [
      {dimension: "conversationEnd", operator: "exists"}]}],
    segmentFilters: [{type: "and", predicates: [
      {dimension: "mediaType", operator: "matches",
        value: (.vars.type // "chat")}]}],
    paging: {pageSize: (.vars.limit // 100 | tonumber), pageNumber: 1}
  },
  items: "conversations",
  map: "{id: .conversationId, type: \(.vars.type // "chat" | tojson),
    status: \"completed\", date: .conversationStart,
    communications: [.participants[]? | .sessions[]? | .sessionId]}",
  repeat: true,
  paginate: "page-body"
}

# Archived conversations of a type and a period, their transcripts in them.
#
# from and to are times, size the conversations a page. With --since, from is
# where the last run ended.
{
  method: "POST",
  path: "/api/v2/archiving/conversations/query",
  body: {
    select: ["date", "id", "type", "interactions"],
    where: "type = '\(.vars.type // "voice" | gsub("'"; "''"))'",
    timeRange: {
      start: (.vars.from // .record.from // .vars.since
        // (.now | fromdate - 30 * 86400 | todate)),
      end: (.vars.to // .record.to // .now)
    },
    size: (.vars.size // 100 | tonumber)
  },
  repeat: true,
  paginate: "nextpageuri",
  scopes: "archiving:read dashboard:write"
}

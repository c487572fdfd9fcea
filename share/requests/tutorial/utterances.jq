# What people said to the bot: the intent meant, the intent found, how surely.
#
# time_range is the service's word for a period.
{
  method: "POST",
  path: "/api/v2/analytics/conversations/details/query",
  body: {
    timeRange: (.vars.time_range // "last30Days"),
    view: "botInteractions",
    filter: [{dimension: "botId", values: [.vars.bot_id // .env.bot_id]}],
    groupBy: ["botInteraction.intent"],
    export: true
  },
  repeat: true,
  paginate: "multipart",
  scopes: "bot:read bot:model:read bot:model:write analytics:read"
}

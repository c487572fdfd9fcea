# Registers a webhook that tells a coaching platform of new insights.
#
# url is where the events go (COACHING_WEBHOOK_URL).
{
  method: "POST",
  path: "/api/v2/webhooks",
  body: {
    name: (.vars.name // "SpeechInsightsToCoachingSync"),
    description: (.vars.description
      // "Syncs speech analytics insights to external coaching platform"),
    url: (.vars.url // .env.webhook_url),
    type: "rest",
    enabled: true,
    events: ["analytics:query:completed", "speechanalytics:insight:updated"],
    headers: {
      "X-Webhook-Source": "GenesysCloud",
      "Content-Type": "application/json"
    },
    filter: {
      field: "speechAnalyticsModelId",
      op: "eq",
      value: (.vars.model_id // .env.model_id)
    }
  },
  items: null,
  paginate: "none",
  scopes: "analytics:query speechanalytics:read webhooks:readwrite reports:read"
}

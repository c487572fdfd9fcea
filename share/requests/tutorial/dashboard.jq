# Gives rows to a dashboard that draws them as lines.
#
# data is an array of {product_name, mention_count}; with --each, the record's.
# key, or the record's, is sent as Idempotency-Key. url is the dashboard's
# (DASHBOARD_API_URL); its token is in DASHBOARD_API_TOKEN.
(.vars.data // .record.data) as $data |
{
  method: "POST",
  path: (.vars.url // .env.dashboard_url),
  headers: ((.vars.key // .record.key // null)
    | if . then {"Idempotency-Key": .} else {} end),
  body: {
    title: (.vars.title // "Genesys Cloud Product Mention Insights"),
    type: (.vars.type // "line_chart"),
    data: $data,
    metadata: {
      source: (.vars.source // "archiving_api"),
      nlp_engine: (.vars.nlp_engine // "gc-ner"),
      record_count: ($data | length)
    }
  },
  items: null,
  paginate: "none",
  repeat: ((.vars.key // .record.key // null) != null),
  auth: {env: "DASHBOARD_API_TOKEN"}
}

# Hands contacts to the campaign manager.
#
# contacts is an array of score records; with --each, the record's, or it is the
# record alone. key, or the record's, is sent as Idempotency-Key.
# url is the campaign manager's (CAMPAIGN_API_URL); its token is in
# CAMPAIGN_API_TOKEN.
{
  method: "POST",
  path: (.vars.url // .env.campaign_url),
  headers: ((.vars.key // .record.key // null)
    | if . then {"Idempotency-Key": .} else {} end),
  body: {contacts: (.vars.contacts // .record.contacts
    // [.record | select(. != null)])},
  items: null,
  paginate: "none",
  repeat: ((.vars.key // .record.key // null) != null),
  auth: {env: "CAMPAIGN_API_TOKEN"}
}

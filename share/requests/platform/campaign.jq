# Hands contacts to the campaign manager.
#
# contacts is an array of score records; with --each it is the record alone.
# url is the campaign manager's (CAMPAIGN_API_URL); its token is in
# CAMPAIGN_API_TOKEN.
{
  method: "POST",
  path: (.vars.url // .env.campaign_url),
  body: {contacts: (.vars.contacts // [.record | select(. != null)])},
  items: null,
  paginate: "none",
  auth: {env: "CAMPAIGN_API_TOKEN"}
}

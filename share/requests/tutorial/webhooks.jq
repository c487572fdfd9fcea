# The webhooks there are.
{
  path: "/api/v2/webhooks",
  scopes: "analytics:query speechanalytics:read webhooks:readwrite reports:read"
}

# A model of speech analytics: its name, and whether it is deployed.
{
  path: "/api/v2/speechanalytics/v1/models/\(.vars.model_id // .env.model_id
    | @uri)",
  items: null,
  paginate: "none",
  scopes: "analytics:query speechanalytics:read webhooks:readwrite reports:read"
}

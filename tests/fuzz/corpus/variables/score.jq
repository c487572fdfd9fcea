# Engagement scores of up to 1,000 contacts.
#
# contacts is an array of {contactId, features}; with --each, the record's.
# model_version null is the newest.
{
  method: "POST",
  path: "/api/v2/predictiveengagement/models/\(.vars.model_id // .env.model_id
    | @uri)/score",
  body: {
    contacts: (.vars.contacts // .record.contacts),
    modelVersion: (.vars.model_version // null)
  },
  items: "results",
  repeat: true,
  paginate: "none",
  scopes: "predictiveengagement:score"
}

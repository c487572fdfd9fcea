# The bot's newest published model, when its evaluation is done.
#
# bot_id is the language-understanding domain, version one of its versions.
(.vars.bot_id // .env.bot_id | "/api/v2/languageunderstanding/domains/\(@uri)")
  as $domain |
if (.vars.version // null) == null and .step == 0 then
  {path: $domain, items: null, paginate: "none", more: true}
else {
  path: "\($domain)/versions/\(.vars.version
    // (.answer | .lastPublishedVersion // .draftVersion).id | @uri)",
  poll: {
    until: ".evaluationStatus == \"Evaluated\"",
    failed: ".evaluationStatus == \"Error\" or .trainingStatus == \"Error\""
  },
  items: null,
  paginate: "none"
} end

# Has a version of the bot's model trained anew.
#
# version is the one to train; the domain's draft, where it is not named.
(.vars.bot_id // .env.bot_id | "/api/v2/languageunderstanding/domains/\(@uri)")
  as $domain |
if (.vars.version // null) == null and .step == 0 then
  {path: $domain, items: null, paginate: "none", more: true}
else {
  method: "POST",
  path: "\($domain)/versions/\(.vars.version
    // (.answer | .draftVersion // .lastPublishedVersion).id | @uri)/train",
  items: null,
  map: ". + {id: .version.id}",
  paginate: "none"
} end

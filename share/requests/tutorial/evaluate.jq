# Starts an evaluation of the bot's model; the answer has its id.
#
# bot_id is the bot, type the kind of evaluation.
{
  method: "POST",
  path: "/api/v2/bots/\(.vars.bot_id // .env.bot_id | @uri)/model/evaluate",
  body: {evaluationType: (.vars.type // "default")},
  items: null,
  paginate: "none",
  scopes: "bot:read bot:model:read bot:model:write analytics:read",
  cache: true
}

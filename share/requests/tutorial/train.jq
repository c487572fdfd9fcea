# Has the bot's model trained anew; the answer has the job's id.
{
  method: "POST",
  path: "/api/v2/bots/\(.vars.bot_id // .env.bot_id | @uri)/model",
  body: {action: "train"},
  items: null,
  paginate: "none",
  scopes: "bot:read bot:model:read bot:model:write analytics:read",
  cache: true
}

# The result of an evaluation, when it is completed.
#
# id is the evaluation's, from the answer to evaluate (with --each: the
# record's). It is asked for every 5 s until it is there.
{
  path: "/api/v2/bots/\(.vars.bot_id // .env.bot_id
    | @uri)/model/evaluate/results/\(.vars.id // .record.id | @uri)",
  poll: {until: ".status == \"completed\""},
  items: null,
  add: {kind: "evaluation"},
  paginate: "none",
  scopes: "bot:read bot:model:read bot:model:write analytics:read"
}

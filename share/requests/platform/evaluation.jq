# The quality report of a version of the bot's model.
#
# id is the version's, from the answer to evaluate (with --each: the record's).
# What the report calls recall, f1_score, ... is under metrics; accuracy, where
# it says none, is taken from its confusion matrix.
{
  path: "/api/v2/languageunderstanding/domains/\(.vars.bot_id // .env.bot_id
    | @uri)/versions/\(.vars.id // .record.id | @uri)/report",
  items: null,
  map: "([.confusionMatrix[]? | .name as $n | .columns[]
      | {hit: (.name == $n), value}]) as $cells |
    ($cells | map(.value) | add) as $all |
    . + {id: .version.id, status: \"completed\", metrics: (
      {accuracy: (if ($all // 0) > 0
        then ($cells | map(select(.hit).value) | add // 0) / $all
        else null end)} +
      ([.summary.metrics[]? | {key: ({f1_score: \"f1Score\"}[.name] // .name),
        value}] | from_entries))}",
  add: {kind: "evaluation"},
  paginate: "none"
}

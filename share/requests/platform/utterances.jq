# What people said to the bot and somebody judged: the intent meant, the intent
# found, how surely.
#
# Feedback without a correct intent tells nothing about the intent meant, and
# gives no record.
{
  path: "/api/v2/languageunderstanding/domains/\(.vars.bot_id // .env.bot_id
    | @uri)/feedback",
  query: {
    pageNumber: 1,
    pageSize: (.vars.size // 200),
    dateStart: (.vars.from // null),
    dateEnd: (.vars.to // null)
  },
  items: "entities",
  map: "(.intents | max_by(.probability)) as $found |
    ([.intents[] | select(.assessment == \"Correct\")][0]) as $meant |
    select($meant) |
    {id, actual_intent: $meant.name, predicted_intent: $found.name,
      confidence: $found.probability, date: .dateCreated}",
  paginate: "page"
}

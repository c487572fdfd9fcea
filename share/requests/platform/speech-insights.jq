# What speech and text analytics found in a conversation.
#
# id is the conversation's; with --each, the record's.
{
  path: "/api/v2/speechandtextanalytics/conversations/\(.vars.id // .record.id
    | @uri)",
  items: null,
  map: "{interactionId: .conversation.id,
    sentiment: {count: 1, avg: .sentimentScore}} + .",
  paginate: "none"
}

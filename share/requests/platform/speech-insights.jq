# What speech and text analytics found in a conversation.
#
# id is the conversation's; with --each, the record's. Period, topics and
# model are the conversations', which -r archive looks for.
def elsewhere: .vars.from // .vars.to // .vars.ids // .vars.topics
  // .vars.sentiment // .vars.interval // .vars.type // .vars.size
  // .vars.model_id // null;
{
  path: "/api/v2/speechandtextanalytics/conversations/\(
    .vars.id // .record.interactionId // .record.id | @uri)",
  items: null,
  map: "{interactionId: .conversation.id,
    sentiment: {count: 1, avg: .sentimentScore}} + .",
  paginate: "none"
}

# The outcome scores of a visitor's session, which stands for a contact.
#
# session_id is the session's; else it is the contactId of the one contact in
# contacts or, with --each, of the record. There is no interval to a score.
(.vars.session_id // .record.contactId // .vars.contacts
  | if type == "array" then .[0].contactId else . end) as $id |
{
  path: "/api/v2/journey/sessions/\($id | @uri)/outcomescores",
  items: "outcomeScores",
  map: "{contactId: \($id | tojson), outcome: .outcome.id,
    score: .probability, confidenceInterval: null}",
  paginate: "none"
}

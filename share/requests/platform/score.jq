# The outcome scores of a visitor's session.
#
# session_id is the session's; with --each, the record's contactId.
{
  path: "/api/v2/journey/sessions/\(.vars.session_id // .record.contactId
    | @uri)/outcomescores",
  items: "outcomeScores",
  paginate: "none"
}

# What was said in a conversation, as one text.
#
# id is the conversation's, communication one of its sessions; with --each,
# those of a record of -r archive. The transcript lies at an address of its
# own, which is asked without a token.
if .step == 0 then {
  path: "/api/v2/speechandtextanalytics/conversations/\(.vars.id // .record.id
    | @uri)/communications/\(.vars.communication
    // (.record.communications // [])[0] // "" | @uri)/transcripturl",
  items: null,
  paginate: "none",
  more: true
} else {
  path: .answer.url,
  auth: "none",
  items: null,
  map: "{transcript: ([.transcripts[]?.phrases[]?.text] | join(\" \"))}",
  paginate: "none"
} end

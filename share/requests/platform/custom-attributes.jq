# The custom attributes of a conversation: read, or written.
#
# id is the conversation's; with --each, the record's. op is read or write;
# attributes, an object, is what is written; version, a number or an ETag, is
# the state it was made from; "none" where there was nothing yet.
def version: .vars.version // null;
{path: "/api/v2/conversations/\(.vars.id // .record.id
  | @uri)/customattributes"} +
if (.vars.op // "read") == "write" then {
  method: "PATCH",
  headers: (if version == "none" then {"If-None-Match": "*"}
    else {"If-Match": [version | strings][0]} end),
  body: ({customAttributes: .vars.attributes} +
    if version | type == "number" then {version: version} else {} end),
  repeat: true
} else {} end +
{
  items: null,
  map: "if has(\"results\") then .results[0] // {customAttributes: {}}
    else . end",
  paginate: "none"
}

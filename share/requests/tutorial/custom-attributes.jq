# The custom attributes of an interaction: read, or written.
#
# id is the interaction's; with --each, the record's. op is read or write;
# attributes, an object, is what is written; version, an ETag or a number, is
# the state it was made from; "none" where there was nothing yet.
def version: .vars.version // null;
{path: "/api/v2/interactions/\(.vars.id // .record.id
  | @uri)/customAttributes"} +
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
  paginate: "none",
  scopes: "interaction:read interaction:write"
}

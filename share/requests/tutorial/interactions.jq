# Interactions of a type and a status, their messages in them.
{
  path: "/api/v2/interactions",
  query: {
    type: (.vars.type // "webchat"),
    status: (.vars.status // "completed"),
    limit: (.vars.limit // 100)
  },
  paginate: "cursor-in-uri",
  scopes: "interaction:read interaction:write"
}

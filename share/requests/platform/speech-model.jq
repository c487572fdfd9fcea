# A program of speech and text analytics, or all that are published.
#
# model_id is its id or its name. What is published counts as deployed.
(.vars.model_id // null) as $wanted |
{
  path: "/api/v2/speechandtextanalytics/programs",
  query: {pageSize: 100},
  items: "entities",
  map: "select(\($wanted | tojson) as $w | if $w then .id == $w or .name == $w
    else .published end) |
    {id, name, status: (if .published then \"deployed\" else \"draft\" end),
      type: \"program\", lastUpdated: .dateModified}"
}

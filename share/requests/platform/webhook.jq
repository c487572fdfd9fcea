# Registers a trigger: a workflow that runs when insights are there.
#
# workflow is the workflow's id, topic what it listens to.
{
  method: "POST",
  path: "/api/v2/processautomation/triggers",
  body: {
    name: (.vars.name // "SpeechInsightsToCoachingSync"),
    topicName: (.vars.topic
      // "v2.speechandtextanalytics.conversations.{id}.communications.{id}"),
    enabled: true,
    target: {type: "Workflow", id: .vars.workflow},
    matchCriteria: (.vars.criteria // [])
  },
  items: null,
  paginate: "none"
}

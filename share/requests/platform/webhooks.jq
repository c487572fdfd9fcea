# The triggers of process automation there are.
{
  path: "/api/v2/processautomation/triggers"
}

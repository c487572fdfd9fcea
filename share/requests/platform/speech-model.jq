# A program of speech and text analytics.
{
  path: "/api/v2/speechandtextanalytics/programs/\(
    .vars.model_id // .env.model_id | @uri)",
  items: null,
  paginate: "none"
}

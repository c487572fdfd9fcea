# Which scores are worth a campaign: high enough, and nothing speaks against
# them. A flag keeps a score here and in the audit, and out of the campaign.
select(.score >= $score and (.flags | length) == 0)

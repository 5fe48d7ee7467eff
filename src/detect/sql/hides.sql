-- Whether a suppression hides a finding that is not closed. The same words are in the view `finding_state`.
{{finding}}.time < suppressed.ends_at
and (suppressed.rule is null or suppressed.rule = {{finding}}.rule)
and (suppressed.actor is null or coalesce({{finding}}.actor, '') like suppressed.actor escape '!')
and (suppressed.resource is null or coalesce({{finding}}.resource, '') like suppressed.resource escape '!')

-- Findings that wait for a decision
-- One row per finding that is not closed and that no suppression hides: the rows of `finding_state` that
-- remain to be decided.
-- id: Made of the rule, its version and the rows: the same rows give the same id.
-- rule: The rule's id.
-- actor: Who did it, from the logs; null where they do not show it.
-- resource: What it was done to.
-- state: `open` or `taken`.
-- verdict: Null: a verdict closes a finding, and what is opened again has none.
-- assignee: Who looks into it; null when it is nobody's.
-- reason: Why it is open or taken, as the newest note since then says.
-- decided_by: Who made the newest note.
-- decided_at: When the newest note was made.
select * exclude (hidden, hidden_by, hidden_why)
from finding_state
where state <> 'closed' and not hidden

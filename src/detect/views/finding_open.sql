-- Findings that wait for somebody
-- One row per finding that is not closed and that no suppression hides: the rows of `finding_state` that are left to do.
-- id: Made of the rule, its version and the rows: the same rows give the same id.
-- rule: The rule's id.
-- actor: Who did it, as the logs say; null where they do not.
-- resource: What it was done to.
-- state: `open` or `taken`.
-- verdict: `true`, `false`, `benign` or `duplicate`; null before anybody said.
-- assignee: Who looks into it.
-- reason: Why, as the newest note with a reason says.
-- decided_by: Who made the newest note.
-- decided_at: When that was.
select * exclude (hidden, hidden_by, hidden_why)
from finding_state
where state <> 'closed' and not hidden

-- Findings by severity: open ones, and those that a suppression hides.
select severity, count(*) as findings, count_if(state <> 'closed' and not hidden) as waiting, count_if(hidden) as hidden
from finding_state
group by severity

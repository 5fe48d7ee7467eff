-- GuardDuty's findings as they stand
-- One row per finding: the newest version of each in the table `guardduty_finding`.
select *
from guardduty_finding
qualify row_number() over (partition by id order by updatedat desc) = 1

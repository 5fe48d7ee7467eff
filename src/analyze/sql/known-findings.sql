-- Findings of earlier analyses.
select id from finding where rule = 'loglake-analyze'

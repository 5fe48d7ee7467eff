-- finding_state.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
WITH begun AS (
  SELECT
    finding,
    MAX(made_at) FILTER(WHERE
      state IN ('open', 'taken')) AS begun_at
  FROM finding_note
  GROUP BY
    finding
), note AS (
  SELECT
    finding_note.finding,
    MAX_BY(COALESCE(state, 'closed'), made_at) FILTER(WHERE
      (
        NOT state IS NULL OR NOT verdict IS NULL
      )
      AND NOT COALESCE(state, 'closed') IS NULL) AS state,
    MAX_BY(verdict, made_at) FILTER(WHERE
      (
        NOT verdict IS NULL AND (
          begun_at IS NULL OR made_at > begun_at
        )
      )
      AND NOT verdict IS NULL) AS verdict,
    NULLIF(
      MAX_BY(assignee, made_at) FILTER(WHERE
        NOT assignee IS NULL AND NOT assignee IS NULL),
      ''
    ) AS assignee,
    MAX_BY(reason, made_at) FILTER(WHERE
      (
        NOT reason IS NULL AND (
          begun_at IS NULL OR made_at >= begun_at
        )
      )
      AND NOT reason IS NULL) AS reason,
    MAX_BY(made_by, made_at) FILTER(WHERE
      NOT made_by IS NULL) AS decided_by,
    MAX(made_at) AS decided_at
  FROM finding_note
  JOIN begun
    ON begun.finding = finding_note.finding
  GROUP BY
    finding_note.finding
), suppressed /* As patterns of LIKE, since only `*` has a meaning: a key of S3 may hold `[`, `?`, `%` and `_`. */ AS (
  SELECT
    id,
    MAX_BY(rule, made_at) AS rule,
    REPLACE(
      REPLACE(REPLACE(REPLACE(MAX_BY(actor, made_at), '!', '!!'), '%', '!%'), '_', '!_'),
      '*',
      '%'
    ) AS actor,
    REPLACE(
      REPLACE(REPLACE(REPLACE(MAX_BY(resource, made_at), '!', '!!'), '%', '!%'), '_', '!_'),
      '*',
      '%'
    ) AS resource,
    MAX_BY(ends_at, made_at) AS ends_at,
    MAX_BY(why, made_at) AS why
  FROM suppression
  GROUP BY
    id
), hiding AS (
  SELECT
    finding.id,
    MIN(suppressed.id) AS hidden_by,
    MIN_BY(suppressed.why, suppressed.id) AS hidden_why
  FROM finding
  JOIN suppressed
    ON finding.time < suppressed.ends_at
    AND (
      suppressed.rule IS NULL OR suppressed.rule = finding.rule
    )
    AND (
      suppressed.actor IS NULL
      OR COALESCE(finding.actor, '') LIKE suppressed.actor ESCAPE '!'
    )
    AND (
      suppressed.resource IS NULL
      OR COALESCE(finding.resource, '') LIKE suppressed.resource ESCAPE '!'
    )
  GROUP BY
    finding.id
)
SELECT
  finding.id,
  finding.time,
  finding.rule,
  finding.rule_version,
  finding.severity,
  finding.title,
  finding.explanation,
  finding.actor,
  finding.account,
  finding.region,
  finding.resource,
  finding.evidence_table,
  finding.evidence,
  finding.evidence_rows,
  finding.matched,
  finding.attack,
  finding.atlas,
  finding.owasp,
  finding.author,
  finding.licence,
  finding.detector,
  finding.group_id,
  COALESCE(note.state, 'open') AS state,
  note.verdict,
  note.assignee,
  note.reason,
  note.decided_by,
  note.decided_at,
  NOT hiding.hidden_by IS NULL AS hidden,
  hiding.hidden_by,
  hiding.hidden_why,
  finding.lake_day
FROM finding
LEFT JOIN note
  ON note.finding = finding.id
LEFT JOIN hiding
  ON hiding.id = finding.id AND note.state IS DISTINCT FROM 'closed'

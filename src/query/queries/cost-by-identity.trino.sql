-- cost-by-identity.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  accountid,
  role,
  CASE
    WHEN NOT REGEXP_LIKE(
      who,
      '^i-[0-9a-f]{8,17}$|[0-9]{10}|[0-9a-f]{8}-[0-9a-f]{4}-|^(botocore-session|aws-[a-z0-9-]*sdk|awscli|session)-|^AssumeRoleSession'
    )
    THEN who
  END AS person, /* The id of an instance, a time or a number, a UUID, what an SDK makes up */
  CAST(SUM(invocations) AS BIGINT) AS invocations,
  CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(output_tokens) AS BIGINT) AS output_tokens,
  ROUND(SUM(cost_usd), 4) AS cost_usd,
  CAST(SUM(unpriced) AS BIGINT) AS unpriced,
  MAX_BY(model, cost_usd) AS mostly_for
FROM model_usage
GROUP BY
  1,
  2,
  3
ORDER BY
  cost_usd DESC,
  invocations DESC

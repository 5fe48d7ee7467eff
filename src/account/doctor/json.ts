import type { Report } from './examine.ts'

/** A report as JSON, for programs and for the browser. */
export type ReportJson = ReturnType<typeof reportJson>

/** Times are ISO 8601, states as in the text: ok, not, unknown, none. */
export function reportJson({ atMs, state, counts, lines }: Report) {
  return {
    at: new Date(atMs).toISOString(),
    state,
    counts,
    lines: lines.map(
      ({ check, group, title, state: own, about, says, fix, commands, needs, denied, permissions }) => ({
        ...{ check, group, title, state: own, about: about ?? null, says, permissions },
        fix: fix
          ? { does: fix.does, commands, needs, ours: fix.ours === true, costs: fix.costs ?? null }
          : null,
        denied: denied
          ? {
              action: denied.action ?? null,
              resource: denied.resource ?? null,
              policy: denied.policy,
              explicit: denied.explicit,
              policy_arn: denied.policyArn ?? null,
            }
          : null,
      }),
    ),
  }
}

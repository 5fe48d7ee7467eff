/** A log type of a user's own, which no built-in one knows, and records of it. */
export const APP_TYPE = `name: app_audit
doc: One row per record of the app.
recognise: {fields: [kind, ref]}
time: moment
id: ref
columns:
  - {name: moment, type: timestamptz, doc: When it was., path: at}
  - {name: ref, type: string, doc: What names it., path: ref}
  - {name: who, type: string, doc: Who did it., path: user}
`

export function appRecord(n: number, at = `2026-01-07T10:00:0${n}Z`): string {
  return JSON.stringify({ kind: 'app', at, ref: `r${n}`, user: `user ${n}` })
}

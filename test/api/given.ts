import { ASK_RUN } from './ask-runs.ts'
import { SPAN } from './served.ts'

/** A session of goran@example.com, whose manager is dalia@example.com. */
export const SESSION = '2ee4e7eb-6c0c-49bd-960f-88eb3806e5b8'

/** What each operation is given; those that are not here are asked elsewhere. */
export const GIVEN: Record<string, Record<string, string | string[]>> = {
  me: {},
  overview: SPAN,
  'reviews-waiting': {},
  questions: {},
  sessions: SPAN,
  session: { id: SESSION },
  'session-output': { id: SESSION },
  'session-calls': { id: SESSION },
  'session-search': { ...SPAN, q: 'sudo' },
  review: { id: SESSION },
  conversations: SPAN,
  'agent-run': { id: ASK_RUN },
  digest: {},
  activity: {
    ...SPAN,
    where: ['errorcode:*', '-service:sts.amazonaws.com'],
    columns: ['tlsdetails_tlsversion'],
  },
  'activity-chart': { ...SPAN, where: ['region:us-east-1'] },
  'activity-facets': { ...SPAN, where: ['eventname:GetObject'] },
  record: { id: SESSION },
  findings: { ...SPAN, group: 'rule' },
  suppressions: {},
  usage: { ...SPAN, by: ['model', 'role'] },
  queries: {},
  tables: {},
  sources: {},
  completeness: {},
  days: {},
  followers: {},
  routes: {},
  analyses: {},
  holds: {},
  versions: {},
  objects: { outcome: 'stored' },
  'dead-letters': { all: 'true' },
  rejects: {},
  doctor: {},
  find: { text: 'goran@example.com' },
  'access-log': { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' },
  'period-report': SPAN,
  tokens: {},
  saved: {},
  delegations: {},
  extent: {},
}

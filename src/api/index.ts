import type { Operation } from './contract.ts'
import { accessLog } from './operations/access.ts'
import { activity } from './operations/activity.ts'
import { activityChart } from './operations/activity-chart.ts'
import { activityFacets } from './operations/activity-facets.ts'
import { agentRun } from './operations/agent-run.ts'
import { analyses } from './operations/analyses.ts'
import { conversation } from './operations/conversation.ts'
import { conversationText } from './operations/conversation-text.ts'
import { conversations } from './operations/conversations.ts'
import { days } from './operations/days.ts'
import { deadLetters } from './operations/dead-letters.ts'
import { delegate, delegationEnd, delegations } from './operations/delegations.ts'
import { digest } from './operations/digest.ts'
import { doctor } from './operations/doctor.ts'
import { evidence } from './operations/evidence.ts'
import { extent } from './operations/extent.ts'
import { find } from './operations/find.ts'
import { finding, findings, suppress, suppressionEnd, suppressions, triage } from './operations/findings.ts'
import { followers } from './operations/followers.ts'
import { holds } from './operations/holds.ts'
import { me } from './operations/me.ts'
import { objects } from './operations/objects.ts'
import { overview } from './operations/overview.ts'
import { named, queries } from './operations/queries.ts'
import { query } from './operations/query.ts'
import { queryExport } from './operations/query-export.ts'
import { record } from './operations/record.ts'
import { rejects } from './operations/rejects.ts'
import { rejectsReplay } from './operations/rejects-replay.ts'
import {
  periodReport,
  questions,
  review,
  reviewDecide,
  reviewOpen,
  reviewSeen,
  reviewStep,
  reviewsWaiting,
} from './operations/reviews.ts'
import { routes } from './operations/routes.ts'
import { saved, savedRemove, savedSave } from './operations/saved.ts'
import { session } from './operations/session.ts'
import { sessionCalls } from './operations/session-calls.ts'
import { sessionOutput } from './operations/session-output.ts'
import { sessionSearch } from './operations/session-search.ts'
import { sessions } from './operations/sessions.ts'
import { completeness, sources } from './operations/sources.ts'
import { tables } from './operations/tables.ts'
import { tokenCreate, tokenRevoke, tokens } from './operations/tokens.ts'
import { usage } from './operations/usage.ts'
import { usageExport } from './operations/usage-export.ts'
import { versions } from './operations/versions.ts'

/** Every operation of loglake, in the order of the pages that use it. */
export const operations: readonly Operation[] = [
  me,
  extent,
  find,
  overview,
  reviewsWaiting,
  sessions,
  session,
  sessionOutput,
  sessionCalls,
  sessionSearch,
  review,
  reviewOpen,
  reviewSeen,
  reviewDecide,
  reviewStep,
  questions,
  delegations,
  delegate,
  delegationEnd,
  evidence,
  conversations,
  conversation,
  conversationText,
  agentRun,
  activity,
  activityChart,
  activityFacets,
  record,
  findings,
  finding,
  triage,
  suppress,
  suppressions,
  suppressionEnd,
  digest,
  usage,
  usageExport,
  query,
  queryExport,
  queries,
  named,
  saved,
  savedSave,
  savedRemove,
  tables,
  sources,
  completeness,
  days,
  followers,
  routes,
  analyses,
  versions,
  holds,
  objects,
  deadLetters,
  rejects,
  rejectsReplay,
  doctor,
  accessLog,
  periodReport,
  tokens,
  tokenCreate,
  tokenRevoke,
]

import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { actions } from './checks/actions.ts'
import { backlog } from './checks/backlog.ts'
import { bedrockLogging } from './checks/bedrock-logging.ts'
import { bucketKey } from './checks/bucket-key.ts'
import { clock } from './checks/clock.ts'
import { configuration } from './checks/configuration.ts'
import { cost } from './checks/cost.ts'
import { dataCapture } from './checks/data-capture.ts'
import { dataEvents } from './checks/data-events.ts'
import { deadLetters } from './checks/dead-letters.ts'
import { denied } from './checks/denied.ts'
import { destinations } from './checks/destinations.ts'
import { disk } from './checks/disk.ts'
import { endToEnd } from './checks/end-to-end.ts'
import { followers } from './checks/followers.ts'
import { glue } from './checks/glue.ts'
import { guardduty } from './checks/guardduty.ts'
import { identity } from './checks/identity.ts'
import { lakeBucket } from './checks/lake-bucket.ts'
import { lakeFormat } from './checks/lake-format.ts'
import { logBucket } from './checks/log-bucket.ts'
import { models } from './checks/models.ts'
import { newestObjectsCheck } from './checks/newest-objects.ts'
import { node } from './checks/node.ts'
import { notifications } from './checks/notifications.ts'
import { queueKey } from './checks/queue-key.ts'
import { queuePolicy } from './checks/queue-policy.ts'
import { role } from './checks/role.ts'
import { sessionLogs } from './checks/session-logs.ts'
import { subscriptions } from './checks/subscriptions.ts'
import { topics } from './checks/topics.ts'
import { trail } from './checks/trail.ts'
import { webSignIn } from './checks/web-sign-in.ts'
import type { Check } from './contract.ts'

/** Every check, in the order of output. A new one is a file in `checks/` and a name in this list. */
export const checks: readonly Check[] = [
  configuration,
  node,
  disk,
  clock,
  identity,
  role,
  actions,
  trail,
  dataEvents,
  dataCapture,
  bedrockLogging,
  sessionLogs,
  subscriptions,
  guardduty,
  logBucket,
  notifications,
  queuePolicy,
  queueKey,
  bucketKey,
  backlog,
  newestObjectsCheck,
  deadLetters,
  endToEnd,
  lakeFormat,
  lakeBucket,
  followers,
  topics,
  destinations,
  webSignIn,
  glue,
  models,
  cost,
  denied,
]

/**
 * The checks to run: those that are named, else all except the excluded ones.
 *
 * @throws UserError for an unknown name
 */
export function checksNamed(names: readonly string[], excluded: readonly string[]): readonly Check[] {
  const known = checks.map(({ name }) => name)
  for (const name of [...names, ...excluded])
    if (!known.includes(name)) throw new UserError(`there is no check "${name}"${didYouMean(name, known)}`)
  return names.length > 0
    ? checks.filter(({ name }) => names.includes(name))
    : checks.filter(({ name }) => !excluded.includes(name))
}

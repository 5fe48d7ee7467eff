import { type SSM, ssmOf } from '../../../aws/ssm.ts'
import { type Check, type Line, not, ok, type Premises, type Step } from '../contract.ts'
import { type Place, placesOf } from '../facts.ts'
import { guarded, ifThere } from '../trouble.ts'

/** The document with the preferences of Session Manager, in each Region. */
const NAME = 'SSM-SessionManagerRunShell'
const GROUP = '/aws/ssm/session-logs'

export const sessionLogs: Check = {
  name: 'session-logs',
  group: 'Logs are recorded',
  title: 'Session Manager streams sessions to CloudWatch Logs',
  doc: 'The preferences of Session Manager, Region by Region: a log group is named, sessions are streamed as structured JSON (and not sent whole at their end), and the log group is there, encrypted where the preferences insist on it.',
  permissions: ['ssm:GetDocument', 'logs:DescribeLogGroups'],
  mends: '`aws ssm update-document` with the preferences, `aws logs create-log-group`.',
  aws: true,
  async run(premises) {
    const all = await Promise.all(
      (await placesOf(premises)).map((place) => {
        const about = `${place.account} ${place.region}`
        return guarded(`ssm:GetDocument on ${NAME}`, { about, as: place.identity }, () =>
          linesOf(premises, place, about),
        )
      }),
    )
    return all.flat()
  },
}

interface Preferences {
  schemaVersion?: string
  inputs?: Record<string, unknown>
  [other: string]: unknown
}

/** The preferences of a Region; undefined when none are set. Throws the SDK's errors. */
export async function preferencesOf(ssm: SSM): Promise<Preferences | undefined> {
  const found = await ifThere(ssm.getDocument({ Name: NAME, DocumentFormat: 'JSON' }))
  return found?.Content === undefined ? undefined : (JSON.parse(found.Content) as Preferences)
}

/** Calls that set the preferences: the new version must become the default, which sessions use. */
type SetPreferences = (more: Record<string, unknown>) => Step[]

async function setterOf(
  ssm: SSM,
  { identity: as, region }: Place,
  found: Preferences | undefined,
  nowMs: number,
): Promise<SetPreferences> {
  const newest = found && (await ssm.getDocument({ Name: NAME, DocumentVersion: '$LATEST' }))
  const next = Number(newest?.DocumentVersion ?? 0) + 1
  const call = { as, service: 'ssm' as const, region }
  return (more) => {
    const Content = JSON.stringify({
      schemaVersion: '1.0',
      sessionType: 'Standard_Stream',
      ...found,
      // Systems Manager refuses an exact copy of an earlier version.
      description: `Preferences of Session Manager, ${new Date(nowMs).toISOString()}`,
      inputs: { cloudWatchEncryptionEnabled: false, ...found?.inputs, ...more },
    })
    const document = { Name: NAME, DocumentFormat: 'JSON', Content }
    if (found === undefined)
      return [{ ...call, action: 'CreateDocument', input: { ...document, DocumentType: 'Session' } }]
    return [
      { ...call, action: 'UpdateDocument', input: { ...document, DocumentVersion: '$LATEST' } },
      {
        ...call,
        action: 'UpdateDocumentDefaultVersion',
        input: { Name: NAME, DocumentVersion: String(next) },
      },
    ]
  }
}

async function linesOf(premises: Premises, place: Place, about: string): Promise<Line[]> {
  const { identity: as, region } = place
  const ssm = await ssmOf(premises.aws(as), region)
  const found = await preferencesOf(ssm)
  const inputs = found?.inputs ?? {}
  const group = String(inputs.cloudWatchLogGroupName || GROUP)
  const set = await setterOf(ssm, place, found, premises.now())
  const fix = {
    does: 'Stream sessions to the log group; other preferences stay. The instance profiles need logs:CreateLogStream, logs:PutLogEvents and logs:DescribeLogStreams.',
    costs: 'CloudWatch Logs: $0.50 for 1 GB (us-east-1, 2026)',
    calls: set({ cloudWatchLogGroupName: group, cloudWatchStreamingEnabled: true }),
  }
  if (found === undefined)
    return [not('Session Manager has no preferences here: sessions leave no text', fix, about)]
  if (!inputs.cloudWatchLogGroupName) return [not('sessions go to no log group', fix, about)]
  if (inputs.cloudWatchStreamingEnabled !== true)
    return [
      not(
        'sessions are sent whole when they end, not streamed: one that is cut off leaves nothing',
        fix,
        about,
      ),
    ]
  return await guarded(`logs:DescribeLogGroups on ${group}`, { about, as }, () =>
    groupLines(premises, place, group, inputs.cloudWatchEncryptionEnabled === true, set),
  )
}

async function groupLines(
  premises: Premises,
  { identity: as, region }: Place,
  group: string,
  mustEncrypt: boolean,
  set: SetPreferences,
): Promise<Line[]> {
  const logs = await premises.aws(as).cloudWatchLogs(region)
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: group })
  const found = logGroups.find(({ logGroupName }) => logGroupName === group)
  const about = `${group}, ${region}`
  const call = { as, service: 'logs' as const, region }
  if (!found)
    return [
      not(
        'the log group is not there: sessions cannot be logged',
        { does: 'Make it.', calls: [{ ...call, action: 'CreateLogGroup', input: { logGroupName: group } }] },
        about,
      ),
    ]
  if (!mustEncrypt || found.kmsKeyId !== undefined) return [ok('sessions are streamed there', about)]
  return [
    not(
      'the preferences insist on encryption, and the log group has no KMS key: no session can begin',
      {
        does: 'Do without (CloudWatch encrypts by its own key), or give the log group a key: aws logs associate-kms-key.',
        calls: set({ cloudWatchEncryptionEnabled: false }),
      },
      about,
    ),
  ]
}

import { isDeepStrictEqual } from 'node:util'
import { troubleOf } from '../../aws/errors.ts'
import { ssmOf } from '../../aws/ssm.ts'
import type { Step, StepContext } from '../contract.ts'

/** A Region's document with Session Manager's preferences; the console creates it on the first save. */
const DOCUMENT = 'SSM-SessionManagerRunShell'

export const sessionPreferences: Step = {
  name: 'session-preferences',
  title: 'Preferences of Session Manager',
  undoes:
    'makes the earlier version of the preferences the one that counts, or removes them if there were none; what others have set since stays',
  actions: [
    'ssm:CreateDocument',
    'ssm:DeleteDocument',
    'ssm:DescribeDocument',
    'ssm:GetDocument',
    'ssm:UpdateDocument',
    'ssm:UpdateDocumentDefaultVersion',
  ],

  async look(context) {
    if (!context.wanted.sessionPreferences) return []
    const about = {
      step: 'session-preferences',
      place: context.region,
      what: `Session Manager in ${context.region} streams every session to the log group ${groupOf(context)}`,
    }
    const before = await read(context).catch(() => 'denied' as const)
    if (before === 'denied')
      return [
        {
          ...about,
          state: 'unknown',
          why: 'ssm:GetDocument is denied, or Systems Manager cannot be reached',
        },
      ]
    const group = before?.content.inputs?.cloudWatchLogGroupName
    if (group === groupOf(context)) return [{ ...about, state: 'done' }]
    if (group)
      return [
        {
          ...about,
          state: 'refused',
          why: `it streams to ${group} already\n    way out: read that log group (a source cloudwatch-logs in loglake.yaml), and say --no-sessions`,
        },
      ]
    return [
      {
        ...about,
        state: 'open',
        before: before?.content ?? 'no preferences',
        after: wantedOf(before?.content, context),
      },
    ]
  },

  async remember(context) {
    const before = await read(context)
    return { version: before?.version ?? null }
  },

  async make(context) {
    const ssm = await ssmOf(context.clients)
    const before = await read(context)
    const content = wantedOf(before?.content, context)
    if (before) await writeVersion(context, content)
    else
      await ssm.createDocument({
        Name: DOCUMENT,
        DocumentType: 'Session',
        DocumentFormat: 'JSON',
        Content: JSON.stringify(content),
      })
  },

  async undo(context, region, memory) {
    const ssm = await ssmOf(context.clients)
    const now = await read(context)
    if (now?.content.inputs?.cloudWatchLogGroupName !== groupOf(context))
      return `Session Manager in ${region} has other preferences by now: left as they are`
    const version = memory.version as string | null
    const before = version === null ? undefined : (await read(context, version))?.content
    if (!isDeepStrictEqual(now.content, wantedOf(before, context))) {
      await writeVersion(context, withoutOurs(now.content, before))
      return `Session Manager in ${region} does not stream to ${groupOf(context)} any more; what others have set since stays`
    }
    if (version === null) {
      await ssm.deleteDocument({ Name: DOCUMENT })
      return `Session Manager in ${region} has no preferences, as before`
    }
    await ssm.updateDocumentDefaultVersion({ Name: DOCUMENT, DocumentVersion: version })
    return `Session Manager in ${region} has the preferences that it had before (version ${version})`
  },
}

interface Preferences {
  schemaVersion?: string
  inputs?: Record<string, unknown> & { cloudWatchLogGroupName?: string }
}

/** The preferences that count, or an earlier version of them; undefined when there are none. */
async function read(
  { clients }: StepContext,
  DocumentVersion?: string,
): Promise<{ version: string; content: Preferences } | undefined> {
  const ssm = await ssmOf(clients)
  try {
    const found = await ssm.getDocument({
      Name: DOCUMENT,
      DocumentFormat: 'JSON',
      ...(DocumentVersion === undefined ? {} : { DocumentVersion }),
    })
    return {
      version: found.DocumentVersion ?? '1',
      content: JSON.parse(found.Content ?? '{}') as Preferences,
    }
  } catch (thrown) {
    const name = (thrown as { name?: string } | undefined)?.name ?? ''
    if (name.startsWith('InvalidDocument') || troubleOf(thrown) === 'missing') return undefined
    throw thrown
  }
}

/** Makes a content the one that counts: a version that has it, or a new one. */
async function writeVersion(context: StepContext, content: Preferences): Promise<void> {
  const ssm = await ssmOf(context.clients)
  const made = await ssm
    .updateDocument({
      Name: DOCUMENT,
      DocumentVersion: '$LATEST',
      DocumentFormat: 'JSON',
      Content: JSON.stringify(content),
    })
    .catch(async (thrown) => {
      // SSM refuses a content that it has, such as ours from before a `destroy`.
      if (thrown?.name !== 'DuplicateDocumentContent') throw thrown
      return { DocumentDescription: { DocumentVersion: await versionWith(context, content) } }
    })
  const DocumentVersion = made.DocumentDescription?.DocumentVersion
  if (DocumentVersion === undefined) throw new Error('SSM made no version of the document')
  await ssm.updateDocumentDefaultVersion({ Name: DOCUMENT, DocumentVersion })
}

async function versionWith(context: StepContext, content: Preferences): Promise<string | undefined> {
  const latest = Number((await read(context, '$LATEST'))?.version ?? 0)
  for (let version = latest; version > 0; version--) {
    const found = await read(context, String(version))
    if (isDeepStrictEqual(found?.content, content)) return String(version)
  }
  return undefined
}

function groupOf({ outputs, wanted }: StepContext): string {
  return outputs.SessionGroup ?? `/${wanted.stack}/sessions`
}

function wantedOf(before: Preferences | undefined, context: StepContext): Preferences {
  return {
    ...(before ?? {
      schemaVersion: '1.0',
      description: 'Document to hold regional settings for Session Manager',
      sessionType: 'Standard_Stream',
    }),
    inputs: {
      ...before?.inputs,
      cloudWatchLogGroupName: groupOf(context),
      cloudWatchEncryptionEnabled: true,
      // Streams events while the session runs, instead of one file at its end.
      cloudWatchStreamingEnabled: true,
    },
  }
}

/** Without the log group, and with the earlier value of the rest of what we set. */
function withoutOurs(now: Preferences, before: Preferences | undefined): Preferences {
  const { cloudWatchEncryptionEnabled, cloudWatchStreamingEnabled } = before?.inputs ?? {}
  return {
    ...now,
    inputs: {
      ...now.inputs,
      cloudWatchLogGroupName: '',
      ...(cloudWatchEncryptionEnabled === undefined ? {} : { cloudWatchEncryptionEnabled }),
      ...(cloudWatchStreamingEnabled === undefined ? {} : { cloudWatchStreamingEnabled }),
    },
  }
}

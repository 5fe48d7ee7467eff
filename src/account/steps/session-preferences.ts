import { troubleOf } from '../../aws/errors.ts'
import { ssmOf } from '../../aws/ssm.ts'
import type { Step, StepContext } from '../contract.ts'

/** The document of a Region that says how Session Manager behaves there; the console makes it when it is first saved. */
const DOCUMENT = 'SSM-SessionManagerRunShell'

export const sessionPreferences: Step = {
  name: 'session-preferences',
  title: 'Preferences of Session Manager',
  undoes:
    'makes the earlier version of the preferences the one that counts, or removes them if there were none',
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
          why: `it streams to ${group} already\n    way out: read that log group (a source cloudwatch-logs in loglake.yaml), and say --no-session-preferences`,
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
    const Content = JSON.stringify(wantedOf(before?.content, context))
    if (!before) {
      await ssm.createDocument({ Name: DOCUMENT, DocumentType: 'Session', DocumentFormat: 'JSON', Content })
      return
    }
    const { DocumentDescription: made } = await ssm.updateDocument({
      Name: DOCUMENT,
      DocumentVersion: '$LATEST',
      DocumentFormat: 'JSON',
      Content,
    })
    if (made?.DocumentVersion === undefined) throw new Error('SSM made no version of the document')
    await ssm.updateDocumentDefaultVersion({ Name: DOCUMENT, DocumentVersion: made.DocumentVersion })
  },

  async undo(context, region, memory) {
    const ssm = await ssmOf(context.clients)
    const now = await read(context)
    if (now?.content.inputs?.cloudWatchLogGroupName !== groupOf(context))
      return `Session Manager in ${region} has other preferences by now: left as they are`
    if (memory.version === null) {
      await ssm.deleteDocument({ Name: DOCUMENT })
      return `Session Manager in ${region} has no preferences, as before`
    }
    await ssm.updateDocumentDefaultVersion({ Name: DOCUMENT, DocumentVersion: String(memory.version) })
    return `Session Manager in ${region} has the preferences that it had before (version ${memory.version})`
  },
}

interface Preferences {
  schemaVersion?: string
  inputs?: Record<string, unknown> & { cloudWatchLogGroupName?: string }
}

async function read({
  clients,
}: StepContext): Promise<{ version: string; content: Preferences } | undefined> {
  const ssm = await ssmOf(clients)
  try {
    const { Content, DocumentVersion } = await ssm.getDocument({ Name: DOCUMENT, DocumentFormat: 'JSON' })
    return { version: DocumentVersion ?? '1', content: JSON.parse(Content ?? '{}') as Preferences }
  } catch (thrown) {
    const name = (thrown as { name?: string } | undefined)?.name ?? ''
    if (name.startsWith('InvalidDocument') || troubleOf(thrown) === 'missing') return undefined
    throw thrown
  }
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
      // Event by event while it goes on, and not as one file at the end.
      cloudWatchStreamingEnabled: true,
    },
  }
}

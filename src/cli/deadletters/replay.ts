import type { Command } from 'commander'
import { ingest } from '../../ingest/ingest.ts'
import { writing } from '../../ingest/session.ts'
import { markReplayed } from '../../ledger/dead-letters.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { ingestSettings } from '../../workspace/ingesting.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { type IdentityOptions, identityOf } from '../options.ts'
import { answerTo } from '../show/answer.ts'
import { counted } from '../show/layout.ts'
import { EXIT, note, print } from '../show/output.ts'

export async function replayDeadLetters(
  ids: string[],
  _own: CommonOptions & IdentityOptions,
  command: Command,
): Promise<void> {
  // An option that the parent command also has is parsed by the parent.
  const options = command.optsWithGlobals<CommonOptions & IdentityOptions>()
  const opened = await openExisting(options)
  const { lake, config } = opened
  const { rows } = await answerTo(lake, 'deadletters-open', {}, limitsOf(config.values.query))
  const dead = rows
    .map(([id, source, message, object]) => ({
      id: String(id),
      source: String(source),
      message: String(message),
      object: object === null || object === undefined ? undefined : String(object),
    }))
    .filter(({ id }) => ids.length === 0 || ids.some((begin) => begin !== '' && id.startsWith(begin)))
  if (dead.length === 0) {
    if (ids.length > 0)
      throw new UserError(
        'no dead letter that is not replayed has such an id: `loglake deadletters` lists them',
      )
    note('no dead letters to replay')
    process.exitCode = EXIT.failure
    return
  }

  const [{ awsClients }, { replay }] = await Promise.all([
    import('../../aws/clients.ts'),
    import('../../sources/replay.ts'),
  ])
  const clients = awsClients(identityOf(options))
  const { wanted: _, ...settings } = ingestSettings(opened)
  const failed = new Map<string, string>()
  let done = 0
  try {
    for (const name of new Set(dead.map(({ source }) => source))) {
      const source = replay(
        name,
        dead.filter((one) => one.source === name),
        clients,
      )
      await ingest(lake, source, settings)
      const replayed = source.replayed()
      await writing(lake, (writer) => markReplayed(writer, replayed.done))
      done += replayed.done.length
      for (const [id, reason] of replayed.failed) failed.set(id, reason)
    }
  } finally {
    clients.close()
  }
  for (const [id, reason] of failed) await print(`${visible(id)}  ${visible(reason)}\n`)
  await print(`${counted(done, 'dead letter')} replayed, ${grouped(failed.size)} still dead\n`)
  if (failed.size > 0) process.exitCode = EXIT.failure
}

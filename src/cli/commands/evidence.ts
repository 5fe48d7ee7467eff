import { readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { Problem } from '../../api/problem.ts'
import { sentence, systemCode, UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { verifyBundle } from '../../review/evidence/verify.ts'
import { type AsOptions, asking } from '../asking.ts'
import { commonOptions, examples } from '../options.ts'
import { note, paint, print } from '../show/output.ts'
import { cannotWrite } from '../show/sink.ts'

interface VerifyOptions {
  key?: string
  logKey?: string
  awsKeys?: string
  tsa?: string
  json?: boolean
}

interface ExportOptions extends AsOptions {
  review?: string
  finding?: string
  answer?: string
  question?: string
  output?: string
  unmask?: boolean
  objects?: boolean
  records?: boolean
}

export function define(command: Command): void {
  const out = command.command('export').description('write the evidence of a decision into one file')
  commonOptions(out)
    .option('--review <id>', 'the review, or the session or run that it is about')
    .option('--finding <id>', 'a finding, with the rows that prove it')
    .option('--answer <run>', 'an answer of `loglake ask`: its claims, and the rows that they cite')
    .option('--question <sql>', 'a question in SQL: its answer is the evidence')
    .option(
      '--output <file>',
      'the file (default: named after the review; one that is there is not written over)',
    )
    .option('--unmask', 'with texts as they are; the access log says so')
    .option('--objects', 'with the log objects themselves, where they still lie as they were read')
    .option(
      '--records',
      "with the bytes of the rows' own records, and where they lie in their objects: nothing of others beside them",
    )
    .option('--as <role>', 'as whom, as in auditor:ana@example.com (default: the operator)')
    .option('--people <file>', 'a CSV file that says who is whose manager (default: as configured)')
    .action(exportEvidence)
  const verify = command.command('verify').description('check such a file; no lake and no network are needed')
  verify
    .argument('<file>', 'the bundle')
    .option('--key <file>', 'the public key in PEM that must have signed it, got by another way')
    .option('--log-key <file>', 'the public key in PEM that must have signed the log of the lake')
    .option('--aws-keys <file>', "AWS's public keys, as `aws cloudtrail list-public-keys` prints them")
    .option('--tsa <file>', "the root certificate in PEM of the authority that stamped the log's time")
    .option('--json', 'print what was found as JSON')
    .option('--debug', 'show where in the program an error arose')
    .action(verifyEvidence)
  examples(
    command,
    ['loglake evidence export --review 2ee4e7eb-6c0c-49bd-960f-88eb3806e5b8'],
    [`loglake evidence export --question "select * from cloudtrail where eventname = 'StopLogging'"`],
    ['loglake evidence verify review.loglake-evidence.zip --key loglake.pem'],
  )
}

async function exportEvidence({
  review,
  finding,
  answer,
  question: sql,
  output,
  unmask = false,
  objects = false,
  records = false,
  ...options
}: ExportOptions): Promise<void> {
  const about = { review, finding, answer, sql }
  const named = Object.entries(about).filter(([, value]) => value !== undefined)
  if (named.length !== 1) throw new UserError('one of --review, --finding, --answer and --question is wanted')
  const bundle = await asking(options, 'operator', (caller) =>
    caller.download('evidence', { ...Object.fromEntries(named), unmask, objects, records }),
  ).catch((thrown) => {
    throw explained(thrown, { review, finding, answer })
  })
  const name = (review ?? finding ?? answer ?? 'answer').replaceAll(/[^A-Za-z0-9-]/g, '-')
  const kind = review ? 'review-' : finding ? 'finding-' : answer ? 'answer-' : ''
  const file = output ?? `${kind}${name}.loglake-evidence.zip`
  try {
    // An earlier bundle is evidence: it is only overwritten if its name was given.
    writeFileSync(file, bundle, { flag: output === undefined ? 'wx' : 'w' })
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST')
      throw new UserError(`${file} is there already: name another file with --output`, { cause: thrown })
    throw cannotWrite(file, thrown)
  }
  note(`${file}: ${bundle.length} bytes; VERIFY.md in it says how to verify it`)
}

/** That a thing is not there, and where those are that are. */
function explained(thrown: unknown, about: Record<string, string | undefined>): unknown {
  const isMissing =
    thrown instanceof UserError && thrown.cause instanceof Problem && thrown.cause.status === 404
  const [kind, id] = Object.entries(about).find(([, value]) => value !== undefined) ?? []
  const missing = MISSING[kind ?? '']
  if (!isMissing || missing === undefined || id === undefined) return thrown
  const [what, where] = missing
  return new UserError(`no ${what} has the id ${visible(id)}, or it is not yours to see: ${where}`, {
    cause: thrown,
  })
}

const MISSING: Readonly<Record<string, readonly [what: string, where: string]>> = {
  review: ['review, session or run', '`loglake review list` has those that are due'],
  finding: [
    'finding',
    '`loglake findings` lists them, and `loglake follow --once` makes those of logs that came since',
  ],
  answer: [
    'answer',
    '`loglake query "select run, time, question from agent_run order by time desc"` lists them',
  ],
}

async function verifyEvidence(file: string, options: VerifyOptions): Promise<void> {
  const found = verifyBundle(bytesOf(file), {
    key: given(options.key),
    logKey: given(options.logKey),
    awsKeys: given(options.awsKeys),
    tsa: given(options.tsa),
  })
  if (!found.sound) process.exitCode = 1
  if (options.json) return await print(`${JSON.stringify(found, null, 2)}\n`)
  const { bold, yellow } = paint(process.stdout)
  const lines = found.sound
    ? [
        bold('Nothing in it was changed since it was signed.'),
        `${found.review === 'question' ? 'The answer to a question' : `On ${visible(found.review ?? '')}`}: ${found.decision === null ? 'no decision' : found.decision === 'deny' ? 'denied' : 'confirmed'}.`,
        ROWS[String(found.rowsMatch)] as string,
        ...(found.proved
          ? [
              `${found.proved.signedByAws} of its objects are as AWS signed them, ${found.proved.logged} are in the log of the lake.`,
            ]
          : []),
        ...(found.proved?.stamped
          ? [
              `An authority of time says that the log had them at ${found.proved.stamped}${options.tsa === undefined ? '; whose it is, only --tsa tells' : ''}.`,
            ]
          : []),
        options.key === undefined
          ? `Signed by the key ${found.keyId}, which lies in the bundle: compare it with the one that you know, or give --key.`
          : `Signed by the key that you gave, ${found.keyId}.`,
      ]
    : [yellow('It is not sound:'), ...found.faults.map((fault) => `  ${visible(fault)}`)]
  await print(`${lines.join('\n')}\n`)
}

const ROWS: Readonly<Record<string, string>> = {
  true: 'The rows in it are those that the decision was made on.',
  false: 'The rows in it are others than those that the decision was made on: some came later.',
  null: 'Its rows are masked or left out, or there is no decision: their digest cannot be made anew from it.',
}

function given(file: string | undefined): string | undefined {
  return file === undefined ? undefined : bytesOf(file).toString()
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (thrown) {
    throw new UserError(`${file}: it cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
}

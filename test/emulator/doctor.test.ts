import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { permissionsOf } from '../../src/account/doctor/command.ts'
import { checks } from '../../src/account/doctor/index.ts'
import { type AwsCli, startAwsCli } from './awscli.ts'
import { arriving } from './doctor-arriving.ts'
import { recorded } from './doctor-recorded.ts'
import { type Case, fixesOf, LAKE, LOGS, makeWorld, type World } from './doctor-world.ts'
import { type Moto, startMoto } from './moto.ts'

/**
 * One thing of a whole set-up is broken: the doctor names it, prints the fix, and once the AWS CLI has run what it printed, all is
 * well. The emulator stands in for AWS, its command line is AWS's own.
 */

let moto: Moto
let cli: AwsCli
let world: World
let seen = 0
const cases = [...arriving, ...recorded]

beforeAll(async () => {
  moto = await startMoto()
  cli = startAwsCli(moto.env)
  world = await makeWorld(moto)
})
afterAll(async () => {
  console.log(
    `doctor: ${seen} of ${cases.length} broken set-ups named, mended and seen whole; ${new Set(cases.map(({ check }) => check)).size} checks`,
  )
  world.clients.close()
  await cli.stop()
  await moto.stop()
})

it.each([...new Set(cases.map(({ check }) => check))])(
  '%s finds nothing wrong where nothing is',
  async (check) => {
    const lines = await world.look(check)
    expect(lines.filter(({ state }) => state === 'not')).toEqual([])
  },
)

describe.each(checks.map(({ name }) => name).filter((name) => cases.some(({ check }) => check === name)))(
  '%s',
  (name) => {
    it.each(cases.filter(({ check }) => check === name).map((one) => [one.broken, one] as const))(
      '%s',
      async (_, one) => {
        await trial(one)
        seen++
      },
    )
  },
)

async function trial({
  check,
  breaks,
  says,
  fix,
  needs,
  costs,
  ours,
  now,
  write = false,
  repairs,
  restores,
}: Case): Promise<void> {
  const look = () => world.look(check, { write, ...(now ? { now } : {}) })
  // However slow the machine, what has come has just come.
  const [newest] = world.told.newest
  if (newest) newest.committedMs = Date.now()
  await breaks(world)
  const broken = (await look()).filter(({ state }) => state === 'not')
  const line = broken.find((one) => says.test(one.says))
  expect(line, `${JSON.stringify(broken.map((one) => one.says))} has none that says ${says}`).toBeDefined()
  if (!line?.fix) return
  const commands = fixesOf(line)
  expect(commands.join('\n')).toMatch(fix)
  if (needs) expect(permissionsOf(line.fix)).toEqual(needs)
  if (costs) expect(line.fix.costs).toMatch(costs)
  expect(line.fix.ours === true && (line.fix.calls ?? []).length > 0).toBe(ours ?? false)
  if (repairs) await repairs(world, commands, cli.run)
  else for (const command of commands) await cli.run(command)
  const after = await look()
  expect(after.filter(({ state }) => state === 'not')).toEqual([])
  expect(after.length).toBeGreaterThan(0)
  await restores?.(world)
}

it('removes every marker, and tries a conditional write twice', async () => {
  world.told.ledgered = () => true
  const [arrived] = await world.look('end-to-end', { write: true })
  expect(arrived).toMatchObject({ state: 'ok', says: expect.stringMatching(/^in the ledger after/) })
  const conditional = await world.look('lake-bucket', { write: true })
  expect(conditional.map(({ says }) => says)).toContain('a conditional write is refused the second time')
  for (const Bucket of [LOGS, LAKE]) {
    const { Contents = [] } = await world.aws<{ Contents?: { Key: string }[] }>('s3', 'ListObjectsV2', {
      Bucket,
    })
    expect(Contents.filter(({ Key }) => /doctor/.test(Key))).toEqual([])
  }
})

it('changes nothing when it only reads', async () => {
  const state = async () =>
    await Promise.all([
      world.aws('sqs', 'GetQueueAttributes', {
        QueueUrl: world.url,
        AttributeNames: ['Policy', 'KmsMasterKeyId', 'RedrivePolicy'],
      }),
      world.aws('s3', 'GetBucketNotificationConfiguration', { Bucket: LOGS }),
      world.aws('s3', 'ListObjectsV2', { Bucket: LOGS }),
      world.aws('s3', 'ListObjectsV2', { Bucket: LAKE }),
    ]).then((all) => JSON.stringify(all.map((one) => ({ ...(one as object), $metadata: undefined }))))
  const before = await state()
  for (const { name } of checks) await world.look(name)
  expect(await state()).toBe(before)
})

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { template } from '../../../src/account/stack/index.ts'
import { type Built, build, canMakeRoots, commandIn, contextOf, run } from './build.ts'
import { type Instruction, parseDockerfile } from './dockerfile.ts'

const stages = parseDockerfile(readFileSync('Dockerfile', 'utf8'))
const last = stages.at(-1)
const of = (name: string): Instruction[] => (last?.instructions ?? []).filter((one) => one.name === name)
const { version, engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string
  engines: { node: string }
}

const propertiesOf = (id: string) => template().Resources[id]?.Properties ?? {}

describe('the Dockerfile', () => {
  it('is read as it is meant: instructions over lines, comments between, lists, flags', () => {
    const text =
      '# a\nFROM node:1.2.3 AS build\nRUN a \\\n # b\n && c\nCOPY --from=build /x /y\nCMD ["run", "it"]\n'
    expect(parseDockerfile(text)).toEqual([
      {
        from: 'node:1.2.3',
        as: 'build',
        instructions: [
          { name: 'RUN', flags: {}, words: 'a && c', line: 3 },
          { name: 'COPY', flags: { from: 'build' }, words: '/x /y', line: 6 },
          { name: 'CMD', flags: {}, words: ['run', 'it'], line: 7 },
        ],
      },
    ])
    expect(() => parseDockerfile('FROM a\nADD b c')).toThrow('ADD is not known')
  })

  it('names one version of Node, that we run on, in both stages', () => {
    const names = stages.map(({ from }) => from)
    expect(new Set(names)).toEqual(new Set([expect.stringMatching(/^node:\d+\.\d+\.\d+-bookworm-slim$/)]))
    const [, major, minor] = /node:(\d+)\.(\d+)/.exec(names[0] ?? '') ?? []
    expect(engines.node).toBe('>=20.19')
    expect(Number(major) * 100 + Number(minor)).toBeGreaterThan(2019)
  })

  it('leaves root before the program is named, and says where it writes and how it is well', () => {
    const names = last?.instructions.map(({ name }) => name) ?? []
    expect(of('USER').map(({ words }) => words)).toEqual(['10001:10001'])
    expect(names.slice(names.indexOf('USER'))).not.toContain('RUN')
    expect(of('VOLUME')[0]?.words).toEqual(['/var/lib/loglake', '/tmp'])
    expect(of('HEALTHCHECK')).toHaveLength(1)
  })
})

describe('where the image runs', () => {
  const settings = readFileSync('deploy/loglake.yaml', 'utf8')
  const wanted = [...settings.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
  const user = String(of('USER')[0]?.words)
  const volumes = [of('VOLUME')[0]?.words].flat().sort()

  it('compose.yaml gives it its variables and its folders, and nothing that it could write besides', () => {
    const { services } = parse(readFileSync('compose.yaml', 'utf8'), { merge: true })
    const { environment, volumes: mounted, tmpfs, ...service } = services.worker
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(wanted))
    expect(service).toMatchObject({ user, read_only: true, cap_drop: ['ALL'], init: true })
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    const folders = [
      ...(mounted as string[]).map((text) => text.split(':')[1]),
      ...(tmpfs as string[]).map((text) => text.split(':')[0]),
    ]
    expect(folders.sort()).toEqual(volumes)
  })

  it('so does the task on Fargate', () => {
    const { ContainerDefinitions, Volumes } = propertiesOf('Task') as {
      ContainerDefinitions: {
        User: string
        ReadonlyRootFilesystem: boolean
        Environment: { Name: string }[]
        MountPoints: { ContainerPath: string }[]
      }[]
      Volumes: unknown[]
    }
    const [container] = ContainerDefinitions
    expect(container).toMatchObject({ User: user, ReadonlyRootFilesystem: true })
    expect(container?.Environment.map(({ Name }) => Name)).toEqual(expect.arrayContaining(wanted))
    expect(container?.MountPoints.map(({ ContainerPath }) => ContainerPath).sort()).toEqual(volumes)
    expect(Volumes).toHaveLength(volumes.length)
  })

  it('the unit of systemd starts the same program, and waits for its commit', () => {
    const unit = readFileSync('deploy/loglake.service', 'utf8')
    expect(unit).toMatch(/^ExecStart=.* loglake run --config \/etc\/loglake\/loglake\.yaml$/m)
    for (const line of [
      'KillSignal=SIGTERM',
      'DynamicUser=yes',
      'ProtectSystem=strict',
      'NoNewPrivileges=yes',
    ])
      expect(unit).toContain(`\n${line}\n`)
  })
})

/** Minutes of npm, and root to make roots with: by hand, `npm run test:image`. */
describe.skipIf(process.env.LOGLAKE_IMAGE !== '1')('its steps, in empty roots from a fresh clone', () => {
  let place: string
  let image: Built
  const as = '10001:10001'
  const more = {
    LOGLAKE_LAKE: '/var/lib/loglake/lake',
    LOGLAKE_QUEUE: 'http://127.0.0.1:9/111122223333/loglake-objects',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const loglake = (...args: string[]) =>
    run(image, [...image.entrypoint, ...args], { mode: 'read-only', as: image.user, more })

  beforeAll(() => {
    if (!canMakeRoots()) throw new Error('roots are made by root alone, on Linux')
    place = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-image-')))
    image = build(stages, contextOf(place), place, (line) => console.log(line))
  }, 1_800_000)
  afterAll(() => place && rmSync(place, { recursive: true, force: true }), 600_000)

  it('make what npm would publish, with nothing that only tests need, and its bill of materials', () => {
    expect(existsSync(join(image.root, 'opt/loglake/dist/cli/loglake.cjs'))).toBe(true)
    for (const name of ['vitest', 'typescript', 'vite'])
      expect(existsSync(join(image.root, 'opt/loglake/node_modules', name)), name).toBe(false)
    expect(existsSync(join(image.root, 'opt/loglake/test'))).toBe(false)
    const sbom = JSON.parse(readFileSync(join(image.root, 'opt/loglake/sbom.cdx.json'), 'utf8'))
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'loglake', version } },
    })
    const names = (sbom.components as { name: string }[]).map(({ name }) => name)
    expect(names).toContain('@duckdb/node-api')
    expect(names).not.toContain('vitest')
  })

  it('make a user that may write in its volumes alone', () => {
    expect(statSync(join(`${image.root}.volumes`, ',var,lib,loglake'))).toMatchObject({
      uid: 10001,
      gid: 10001,
    })
    expect(image.user).toBe(as)
    const tries = [
      '/opt/loglake/x',
      '/etc/loglake/x',
      '/usr/local/bin/x',
      '/x',
      '/var/lib/loglake/x',
      '/tmp/x',
    ]
    const script = tries.map((path) => `touch ${path} 2>/dev/null && echo ${path}`).join('; ')
    const { output } = run(image, ['/bin/sh', '-c', `${script}; id -u`], {
      mode: 'read-only',
      as: image.user,
    })
    expect(output.trim().split('\n')).toEqual(['/var/lib/loglake/x', '/tmp/x', '10001'])
  })

  it('make a program that runs: logs go in, and a question is answered', () => {
    expect(loglake('--version').output).toContain(version)
    const record = {
      eventVersion: '1.11',
      eventID: '1f0',
      eventTime: '2026-01-07T10:00:00Z',
      eventName: 'StopLogging',
    }
    writeFileSync(join(`${image.root}.volumes`, ',tmp', 'a.json'), JSON.stringify({ Records: [record] }))
    const lake = ['--lake', '/var/lib/loglake/a-lake']
    const ingested = loglake('ingest', '/tmp/a.json', ...lake)
    expect(ingested, ingested.output).toMatchObject({ status: 0 })
    const asked = loglake('query', 'select eventname from cloudtrail', '--format', 'csv', ...lake)
    expect(asked, asked.output).toMatchObject({ status: 0, output: expect.stringContaining('StopLogging') })
  })

  it('make a service that is well as its health check asks, and ends when it is told to', async () => {
    const [program, args] = commandIn(image, [...image.entrypoint, ...image.cmd], {
      mode: 'read-only',
      as: image.user,
      more,
    })
    const service = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [service.stdout, service.stderr]) stream.on('data', (chunk) => (said += chunk))
    const ended = new Promise<number | null>((done) => service.on('exit', done))
    const isWell = () => run(image, image.health, { as: image.user }).status === 0
    try {
      const until = Date.now() + 60_000
      while (!isWell()) {
        expect(Date.now(), said).toBeLessThan(until)
        expect(service.exitCode, said).toBeNull()
        await wait(1000)
      }
    } finally {
      service.kill('SIGTERM')
    }
    expect(await ended, said).toBe(0)
    expect(isWell()).toBe(false)
  })
})

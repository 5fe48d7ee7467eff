import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pairsOf, type Stage } from './dockerfile.ts'

/**
 * Runs the steps of a Dockerfile without Docker: each stage has a root of its own (`root.sh`), in which COPY copies and RUN runs, as
 * root, with the environment and the folder that the instructions before have set. The base image is the one thing that is not as
 * Docker has it: it is this machine's Debian, with the image's version of Node where npm has it.
 */

/** A stage that was built. */
export interface Built {
  /** `<root>.local` is its /usr/local, `<root>.volumes` has its volumes. */
  root: string
  env: Record<string, string>
  workdir: string
  /** Empty for root. */
  user: string
  volumes: readonly string[]
  entrypoint: readonly string[]
  cmd: readonly string[]
  health: readonly string[]
}

const SCRIPT = resolve('test/account/image/root.sh')
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** What a Debian has in /etc before anything is installed, as far as the steps need it. */
const ETC = [
  ...['passwd', 'group', 'shadow', 'gshadow', 'login.defs', 'default', 'nsswitch.conf', 'alternatives'],
  ...[
    'resolv.conf',
    'hosts',
    'ssl',
    'ca-certificates',
    'ld.so.cache',
    'ld.so.conf',
    'ld.so.conf.d',
    'localtime',
  ],
]

/** Whether this machine lets us make roots: that needs root itself. */
export function canMakeRoots(): boolean {
  return (
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    spawnSync('unshare', ['-m', 'true']).status === 0
  )
}

/** Builds all stages below a folder, from a context as `docker build` gets it; returns the last. */
export function build(
  stages: readonly Stage[],
  context: string,
  place: string,
  told: (line: string) => void,
): Built {
  const made = new Map<string, Built>()
  let last: Built | undefined
  for (const [at, stage] of stages.entries()) {
    last = newRoot(stage.from, join(place, `stage-${at}`), told)
    for (const { name, flags, words } of stage.instructions) {
      const text = typeof words === 'string' ? words : words.join(' ')
      told(`${name} ${text.slice(0, 100)}`)
      if (name === 'WORKDIR') {
        last.workdir = resolve(last.workdir, text)
        mkdirSync(join(last.root, last.workdir), { recursive: true })
      } else if (name === 'ENV') Object.assign(last.env, pairsOf(text))
      else if (name === 'USER') last.user = text
      else if (name === 'VOLUME') last.volumes = [...last.volumes, ...[words].flat()]
      else if (name === 'ENTRYPOINT') last.entrypoint = [words].flat()
      else if (name === 'CMD') last.cmd = [words].flat()
      else if (name === 'HEALTHCHECK') last.health = JSON.parse(/CMD (\[.*\])$/.exec(text)?.[1] ?? '[]')
      else if (name === 'COPY')
        copy(text, flags.from === undefined ? context : made.get(flags.from)?.root, last)
      else if (name === 'RUN') {
        const { status, output } = run(
          last,
          ['/bin/sh', '-c', text],
          last.user === '' ? {} : { as: last.user },
        )
        if (status !== 0) throw new Error(`RUN ${text}\nended with ${status}:\n${output.slice(-4000)}`)
      }
    }
    if (stage.as) made.set(stage.as, last)
  }
  if (!last) throw new Error('there is no stage')
  keepVolumes(last)
  return last
}

function newRoot(from: string, root: string, told: (line: string) => void): Built {
  for (const folder of [
    'dev',
    'proc',
    'usr',
    'etc',
    'root',
    'home',
    'run',
    'var/lib',
    'var/log',
    'var/cache',
  ])
    mkdirSync(join(root, folder), { recursive: true })
  for (const folder of ['tmp', 'var/tmp']) {
    mkdirSync(join(root, folder), { recursive: true })
    execFileSync('chmod', ['1777', join(root, folder)])
  }
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name))
  for (const name of ETC)
    if (existsSync(join('/etc', name)))
      // A single file may be a link out of /etc; in folders, links lead to /usr.
      execFileSync('cp', [
        statSync(join('/etc', name)).isDirectory() ? '-a' : '-aL',
        join('/etc', name),
        join(root, 'etc'),
      ])
  addNode(from, `${root}.local`, told)
  const env = { PATH, ...ofNpm() }
  const nothing = { volumes: [], entrypoint: [], cmd: [], health: [] }
  return { root, env, workdir: '/', user: '', ...nothing }
}

/** What Node 22.12.0 brings: https://nodejs.org/dist/index.json */
const NPM = '10.9.0'

/** `/usr/local` as images of Node have it: its version of Node from npm, and npm. */
function addNode(from: string, local: string, told: (line: string) => void): void {
  const version = /^node:(\d+\.\d+\.\d+)/.exec(from)?.[1]
  const name = `node-linux-${process.arch}`
  for (const folder of ['bin', 'sbin', 'lib/node_modules'])
    mkdirSync(join(local, folder), { recursive: true })
  const got = spawnSync('npm', ['pack', `${name}@${version}`, '--pack-destination', local], {
    encoding: 'utf8',
  })
  const archive = readdirSync(local).find((file) => file.endsWith('.tgz'))
  if (got.status === 0 && archive) {
    execFileSync('tar', [
      '-xzf',
      join(local, archive),
      '-C',
      join(local, 'bin'),
      '--strip-components=2',
      'package/bin/node',
    ])
    rmSync(join(local, archive))
  } else {
    told(`npm has no Node ${version}: ${process.version} in its place`)
    cpSync(process.execPath, join(local, 'bin/node'))
  }
  const npm = spawnSync('npm', ['pack', `npm@${NPM}`, '--pack-destination', local], { encoding: 'utf8' })
  const packed = readdirSync(local).find((file) => file.endsWith('.tgz'))
  if (npm.status !== 0 || !packed) throw new Error(`npm has no npm ${NPM}: ${npm.stderr}`)
  const folder = join(local, 'lib/node_modules/npm')
  mkdirSync(folder)
  execFileSync('tar', ['-xzf', join(local, packed), '-C', folder, '--strip-components=1'])
  rmSync(join(local, packed))
  for (const command of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${command}-cli.js`, join(local, 'bin', command))
}

/** How this machine reaches npm's registry: no part of the image, which Docker would get from its host as well. */
function ofNpm(): Record<string, string> {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS']
  return {
    npm_config_registry: registry,
    ...Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  }
}

function copy(text: string, from: string | undefined, { root, workdir }: Built): void {
  const [source = '', target = ''] = text.split(/\s+/)
  if (from === undefined) throw new Error(`COPY ${text}: there is no such stage`)
  const to = join(root, resolve(workdir, target))
  mkdirSync(dirname(to), { recursive: true })
  const path = join(from, source)
  const isFolder = source === '.' || spawnSync('test', ['-d', path]).status === 0
  if (isFolder) mkdirSync(to, { recursive: true })
  execFileSync('cp', ['-a', '--no-preserve=ownership', isFolder ? `${path}/.` : path, to])
}

/** The command line of a program in a built root. */
export function commandIn(
  { root, env, workdir }: Built,
  command: readonly string[],
  { mode = 'as it is', as, more = {} }: { mode?: string; as?: string; more?: Record<string, string> } = {},
): [string, string[]] {
  const set = Object.entries({ ...env, ...more }).map(([name, value]) => `${name}=${value}`)
  const [uid, gid] = (as ?? '0:0').split(':')
  const held =
    as === undefined
      ? []
      : [
          'setpriv',
          `--reuid=${uid}`,
          `--regid=${gid}`,
          '--clear-groups',
          '--no-new-privs',
          '--bounding-set=-all',
        ]
  return ['unshare', ['--mount', SCRIPT, root, mode, ...held, 'env', '-i', '-C', workdir, ...set, ...command]]
}

export function run(
  built: Built,
  command: readonly string[],
  how: Parameters<typeof commandIn>[2] = {},
): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(...commandIn(built, command, how), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return { status, output: `${stdout}${stderr}` }
}

function keepVolumes({ root, volumes }: Built): void {
  for (const volume of volumes) {
    const kept = join(`${root}.volumes`, volume.replaceAll('/', ','))
    mkdirSync(dirname(kept), { recursive: true })
    execFileSync('cp', ['-a', join(root, volume), kept])
  }
}

/** What `docker build .` sends: a fresh clone, without what .dockerignore names. */
export function contextOf(place: string): string {
  const context = join(place, 'context')
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', '.', context])
  for (const pattern of readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean)) {
    const [start = ''] = pattern.split('*')
    if (!pattern.includes('*')) rmSync(join(context, pattern), { recursive: true, force: true })
    else
      for (const name of readdirSync(context))
        if (name.startsWith(start)) rmSync(join(context, name), { recursive: true })
  }
  writeFileSync(join(place, 'commit'), execFileSync('git', ['rev-parse', 'HEAD']))
  return context
}

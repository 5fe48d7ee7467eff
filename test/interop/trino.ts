import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RemoteEngine, RemoteValue } from '../../src/engines/contract.ts'
import { trinoEngine } from '../../src/engines/trino.ts'

/** A Trino server of one node, on a free loopback port, with the catalogs that it is given. */
export interface Trino {
  url: string
  /** Of a catalog, in its schema `loglake`. */
  engine(catalog: string): RemoteEngine
  rows(catalog: string, sql: string): Promise<RemoteValue[][]>
  stop(): Promise<void>
}

const START_MS = 300_000
const JVM = [
  '-Xmx2G',
  '-XX:+UseSerialGC',
  '-XX:ReservedCodeCacheSize=256M',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-Djdk.attach.allowAttachSelf=true',
  '--enable-native-access=ALL-UNNAMED',
  '--add-modules=jdk.incubator.vector',
  '-Dfile.encoding=UTF-8',
  '-Duser.timezone=UTC',
]

/** @param catalogs the properties of each, by its name */
export async function startTrino(catalogs: Record<string, Record<string, string>>): Promise<Trino> {
  const script = fileURLToPath(new URL('./trino.sh', import.meta.url))
  const [home = '', java = ''] = execFileSync('bash', [script], { encoding: 'utf8' }).trim().split('\n')
  const port = await freePort()
  const place = mkdtempSync(join(tmpdir(), 'trino-'))
  mkdirSync(join(place, 'etc', 'catalog'), { recursive: true })
  mkdirSync(join(place, 'plugin'))
  symlinkSync(join(home, 'plugin', 'iceberg'), join(place, 'plugin', 'iceberg'))
  const write = (name: string, text: string | Record<string, string>) =>
    writeFileSync(join(place, 'etc', name), typeof text === 'string' ? text : propertiesOf(text))
  write('node.properties', {
    'node.environment': 'test',
    'node.id': randomUUID(),
    'node.data-dir': join(place, 'data'),
    'plugin.dir': join(place, 'plugin'),
  })
  write('config.properties', {
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'discovery.uri': `http://127.0.0.1:${port}`,
    'http-server.log.enabled': 'false',
    'query.max-memory': '1GB',
    'query.max-memory-per-node': '800MB',
    'memory.heap-headroom-per-node': '400MB',
    'catalog.management': 'static',
    'plugin.dir': join(place, 'plugin'),
    'task.concurrency': '2',
  })
  write('log.properties', { 'io.trino': 'WARN' })
  for (const [name, properties] of Object.entries(catalogs))
    write(join('catalog', `${name}.properties`), { 'connector.name': 'iceberg', ...properties })
  const said = join(place, 'server.log')
  const log = openSync(said, 'w')
  const jars = `${join(home, 'lib')}/*`
  const child = spawn(
    java,
    [
      ...JVM,
      `-Dnode.bind-ip=127.0.0.1`,
      `-Dnode.internal-address=127.0.0.1`,
      `-Dlog.levels-file=${join(place, 'etc/log.properties')}`,
      `-Dnode.data-dir=${join(place, 'data')}`,
      `-Dconfig=${join(place, 'etc/config.properties')}`,
      `-Dnode.environment=test`,
      `-Dnode.id=${randomUUID()}`,
      '-cp',
      jars,
      'io.trino.server.TrinoServer',
    ],
    { cwd: place, stdio: ['ignore', log, log] },
  )
  const url = `http://127.0.0.1:${port}`
  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    rmSync(place, { recursive: true, force: true })
  }
  const sinceMs = Date.now()
  for (;;) {
    const info = await fetch(`${url}/v1/info`).then(
      (answer) => answer.json() as Promise<{ starting: boolean }>,
      () => undefined,
    )
    if (info?.starting === false) break
    if (child.exitCode !== null || Date.now() - sinceMs > START_MS) {
      const told = readFileSync(said, 'utf8').slice(-6000)
      await stop()
      throw new Error(`Trino did not start:\n${told}`)
    }
    await wait(500)
  }
  const engine = (catalog: string) => trinoEngine({ url, catalog, schema: 'loglake', user: 'test' })
  const rows = async (catalog: string, sql: string): Promise<RemoteValue[][]> => {
    const found: RemoteValue[][] = []
    for await (const row of (await engine(catalog).ask(sql)).rows) found.push([...row])
    return found
  }
  return { url, engine, rows, stop }
}

function propertiesOf(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../lib/errors.ts'
import { readAgain } from './again.ts'
import type { LogObject } from './contract.ts'
import { folder } from './folder.ts'

const home = process.cwd()
let root: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'folder-')))
})
afterEach(() => rmSync(root, { recursive: true }))

function put(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), name)
  }
}

async function objectsOf(...paths: string[]): Promise<LogObject[]> {
  const objects: LogObject[] = []
  for await (const object of folder(paths.map((path) => join(root, path))).objects()) objects.push(object)
  return objects
}

/** The files that are found, and the reports about the others. */
async function walked(...paths: string[]) {
  const source = folder(paths.map((path) => join(root, path)))
  const names: string[] = []
  for await (const { uri } of source.objects()) names.push(uri.slice(root.length + 1))
  return { names, counts: source.counts?.() }
}

async function namesOf(...paths: string[]): Promise<string[]> {
  return (await objectsOf(...paths)).map(({ uri }) => uri.slice(root.length + 1))
}

describe('the objects of a folder', () => {
  it('are its files at any depth, whatever their names', async () => {
    put('a/x.json', 'a/b/.hidden', 'a/b/with space\'s "name".json.gz', 'c')
    expect((await namesOf('')).sort()).toEqual([
      'a/b/.hidden',
      'a/b/with space\'s "name".json.gz',
      'a/x.json',
      'c',
    ])
  })

  it("in AWS's layout come day by day, across accounts and Regions", async () => {
    const at = (account: string, region: string, day: string, name: string) =>
      `AWSLogs/${account}/CloudTrail/${region}/2026/${day}/${account}_CloudTrail_${region}_${name}.json.gz`
    const expected = [
      at('111122223333', 'eu-west-1', '01/07', '20260107T0005Z_a'),
      at('444455556666', 'us-east-1', '01/07', '20260107T0010Z_b'),
      at('111122223333', 'eu-west-1', '01/07', '20260107T0015Z_c'),
      at('444455556666', 'us-east-1', '01/08', '20260108T0000Z_d'),
      at('111122223333', 'eu-west-1', '02/01', '20260201T0000Z_e'),
    ]
    put(...expected.toReversed())
    expect(await namesOf('')).toEqual(expected)
  })

  it('are found beside the folders of days, months and years too', async () => {
    put('t/2026/01/07/a', 't/2026/01/b', 't/2026/c', 't/d', 't/2026/01/07/deeper/e', 't/2025/12/31/f')
    expect(await namesOf('t')).toEqual([
      't/d',
      't/2025/12/31/f',
      't/2026/01/07/a',
      't/2026/01/07/deeper/e',
      't/2026/01/b',
      't/2026/c',
    ])
  })

  it('are each named once where paths are the same', async () => {
    put('a/x', 'y')
    expect(await namesOf('a', 'a', 'y', 'y', '.')).toEqual(['a/x', 'y', 'y', 'a/x'])
  })

  it('are files that links name, too', async () => {
    put('a/x', 'elsewhere/y')
    symlinkSync(join(root, 'elsewhere/y'), join(root, 'a/link'))
    expect(await namesOf('a')).toEqual(['a/link', 'a/x'])
  })

  it('are those of linked folders, each folder once, under the name of the first link', async () => {
    put('a/x', 'b/y', 'b/c/z', 'b/2026/01/07/d')
    symlinkSync(join(root, 'b'), join(root, 'a/1'))
    symlinkSync('../b/c', join(root, 'a/2'))
    symlinkSync(join(root, 'a'), join(root, 'a/itself'))
    symlinkSync(join(root, 'b'), join(root, 'b/c/itself'))
    const { names, counts } = await walked('a')
    expect(names.sort()).toEqual(['a/1/2026/01/07/d', 'a/1/c/z', 'a/1/y', 'a/x'])
    expect(counts).toEqual({})
    // A path that is named itself is read there, whichever links lead to it.
    expect((await walked('a', 'b/c')).names.filter((name) => name.endsWith('z'))).toEqual(['b/c/z'])
  })

  it('of days, months and years that are links are in their order', async () => {
    put('t/2026/01/07/a', 'old/12/31/b', 'other/c', 't/2026/01/09/e')
    symlinkSync(join(root, 'old'), join(root, 't/2025'))
    symlinkSync(join(root, 'other'), join(root, 't/2026/01/08'))
    expect(await namesOf('t')).toEqual([
      't/2025/12/31/b',
      't/2026/01/07/a',
      't/2026/01/08/c',
      't/2026/01/09/e',
    ])
  })

  it('are not those of the folders that a link lies in, which is told', async () => {
    put('a/b/x', 'a/y')
    symlinkSync('../..', join(root, 'a/b/up'))
    expect(await walked('a/b')).toEqual({
      names: ['a/b/x'],
      counts: { 'links to a folder that they lie in': 1 },
    })
  })

  it('are found beside what is neither file nor folder, which is told', async () => {
    put('a/x')
    symlinkSync('nowhere', join(root, 'a/broken'))
    symlinkSync('loop', join(root, 'a/loop'))
    symlinkSync('/dev/null', join(root, 'a/null'))
    symlinkSync('/proc/self', join(root, 'a/made-up'))
    execFileSync('mkfifo', [join(root, 'a/pipe')])
    const socket = createServer().listen(join(root, 'a/socket'))
    await once(socket, 'listening')
    try {
      expect(await walked('a')).toEqual({
        names: ['a/x'],
        counts: {
          'links that lead to nothing': 2,
          devices: 1,
          pipes: 1,
          sockets: 1,
          ...(process.platform === 'linux' ? { 'folders that the system makes up': 1 } : {}),
        },
      })
    } finally {
      socket.close()
    }
  })

  it('are found beside folders that cannot be listed, which are objects that cannot be read', async () => {
    put('a/x', 'a/z/y')
    const long = 'n'.repeat(250)
    // A path that is too long is refused even to root.
    let at = join(root, 'a')
    process.chdir(at)
    try {
      for (let depth = 0; depth < 17; depth++) {
        mkdirSync(long)
        process.chdir(long)
        at = join(at, long)
      }
      process.chdir(root)
      const found = await objectsOf('a')
      expect(found.map(({ uri }) => basename(uri)).sort()).toEqual([long, 'x', 'y'].sort())
      const refused = found.find(({ uri }) => uri.endsWith(long))
      expect(refused?.file).toBeUndefined()
      await expect(refused?.read()).rejects.toThrow(/ENAMETOOLONG|too long/)
    } finally {
      process.chdir(home)
      // `rm` descends folder by folder, which Node's own function does not.
      execFileSync('rm', ['-rf', join(root, 'a', long)])
    }
  })

  it('are files whose names are no UTF-8, under a name that is', async () => {
    const file = (...parts: (string | Buffer)[]) =>
      Buffer.concat(parts.map((part) => Buffer.from(part as string)))
    const at = (...parts: (string | Buffer)[]) => file(`${root}/`, ...parts)
    const strange = Buffer.from([0xff, 0x41])
    mkdirSync(at('a'))
    mkdirSync(at('a/', strange))
    writeFileSync(at('a/', strange, '/é.json'), 'one')
    writeFileSync(at('a/', Buffer.from([0xe9]), '.json'), 'two')
    writeFileSync(at('a/\\xe9.json'), 'two')
    writeFileSync(at('a/\ufffd'), 'three')
    const found = await objectsOf('a')
    expect(found.map(({ uri }) => uri.slice(root.length + 1)).sort()).toEqual([
      'a/\\xe9.json',
      'a/\\xe9.json',
      'a/\\xffA/é.json',
      'a/\ufffd',
    ])
    expect(new Set(found.map(({ uri, version }) => `${uri} ${version}`)).size).toBe(4)
    for (const object of found)
      expect(Buffer.from((await object.read()).bytes).toString()).toMatch(/one|two|three/)
    const again = await readAgain(() => ({})).read({
      uri: join(root, 'a/\\xffA/é.json'),
      source: 's',
      versions: [],
    })
    expect(again).toMatchObject({ state: 'read', sha256: createHash('sha256').update('one').digest('hex') })
  })

  it('of a folder that is named by a link are those of the folder', async () => {
    put('a/x')
    symlinkSync(join(root, 'a'), join(root, 'link'))
    expect(await namesOf('link')).toEqual(['a/x'])
  })

  it('may be named by a pattern', async () => {
    put('a/1.json', 'a/2.json', 'a/3.txt', 'b/c/4.json', '[x]/5.json')
    expect(await namesOf('a/*.json')).toEqual(['a/1.json', 'a/2.json'])
    expect(await namesOf('**/4.json')).toEqual(['b/c/4.json'])
    expect(await namesOf('{a,b}')).toEqual(['a/1.json', 'a/2.json', 'a/3.txt', 'b/c/4.json'])
    // An existing name is not a pattern.
    expect(await namesOf('[x]')).toEqual(['[x]/5.json'])
  })

  it('that are not there are the mistake of the user', async () => {
    put('a/x')
    await expect(objectsOf('a', 'nowhere')).rejects.toThrow(UserError)
    await expect(objectsOf('a/*.json')).rejects.toThrow(UserError)
  })

  it('that are pipes, devices or made up by the system are the mistake of the user', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')])
    await expect(objectsOf('pipe')).rejects.toThrow(/pipes/)
    const named = async (path: string) => {
      for await (const _ of folder([path]).objects()) return
    }
    await expect(named('/dev/null')).rejects.toThrow(UserError)
    if (process.platform === 'linux') await expect(named('/proc/self/status')).rejects.toThrow(/virtual file/)
  })

  it('of an empty folder are none', async () => {
    expect(await objectsOf('')).toEqual([])
  })

  it('that go away while they are listed are none', async () => {
    put('a/1', 'a/2', 'a/3', 'b/4')
    const listed: string[] = []
    for await (const { uri } of folder([root]).objects()) {
      listed.push(uri.slice(root.length + 1))
      rmSync(join(root, 'a/2'), { force: true })
      rmSync(join(root, 'b'), { recursive: true, force: true })
    }
    expect(listed).toEqual(['a/1', 'a/3'])
  })
})

describe('an object', () => {
  it('has a version that changes when the file does', async () => {
    put('x')
    const [before] = await objectsOf('x')
    utimesSync(join(root, 'x'), 1, 1)
    const [touched] = await objectsOf('x')
    writeFileSync(join(root, 'x'), 'longer than before')
    const [longer] = await objectsOf('x')
    expect(new Set([before?.version, touched?.version, longer?.version]).size).toBe(3)
    expect(longer?.bytes).toBe(18)
    expect(Buffer.from((await longer?.read())?.bytes ?? [])).toEqual(readFileSync(join(root, 'x')))
  })

  it('that went away cannot be read, and says which it is', async () => {
    put('x')
    const [object] = await objectsOf('x')
    rmSync(join(root, 'x'))
    await expect(object?.read()).rejects.toMatchObject({ name: 'Unreadable', outcome: 'missing' })
    await expect(object?.read()).rejects.toThrow(join(root, 'x'))
  })
})

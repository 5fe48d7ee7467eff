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
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../lib/errors.ts'
import type { LogObject } from './contract.ts'
import { folder } from './folder.ts'

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

  it('are files that links name, but no folders', async () => {
    put('a/x', 'elsewhere/y')
    symlinkSync(join(root, 'elsewhere/y'), join(root, 'a/link'))
    symlinkSync(join(root, 'a'), join(root, 'a/up'))
    symlinkSync(join(root, 'nowhere'), join(root, 'a/broken'))
    expect(await namesOf('a')).toEqual(['a/link', 'a/x'])
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
    // What is there by its very name is no pattern.
    expect(await namesOf('[x]')).toEqual(['[x]/5.json'])
  })

  it('that are not there are the mistake of the user', async () => {
    put('a/x')
    await expect(objectsOf('a', 'nowhere')).rejects.toThrow(UserError)
    await expect(objectsOf('a/*.json')).rejects.toThrow(UserError)
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
    expect(Buffer.from((await longer?.read()) ?? [])).toEqual(readFileSync(join(root, 'x')))
  })

  it('that went away cannot be read, and says which it is', async () => {
    put('x')
    const [object] = await objectsOf('x')
    rmSync(join(root, 'x'))
    await expect(object?.read()).rejects.toMatchObject({ name: 'Unreadable', outcome: 'missing' })
    await expect(object?.read()).rejects.toThrow(join(root, 'x'))
  })
})

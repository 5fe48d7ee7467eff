import { createHash } from 'node:crypto'
import { expand } from '../../src/envelopes/gzip.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { fixturesOf } from '../conformance/fixtures.ts'
import { MUTATIONS } from './mutations.ts'
import { NEIGHBOURS, type Neighbour } from './neighbours.ts'
import { definitionFixture } from './own.ts'
import { bytesOf, documentsIn, type Tree, textOf, valuesIn, type Way, written } from './tree.ts'

/** A value of a fixture that is changed, in every way there is. */
export interface Target {
  /** `cloudtrail .userIdentity.type` */
  name: string
  /** The object's name: some log types are told by it. */
  file: string
  document: Tree
  way: Way
}

/** An object of changed records and good ones. */
export interface FuzzObject {
  file: string
  bytes: Buffer
  /** What was changed, for whoever looks for the reason of a failure. */
  changes: string[]
  /** At least so many records are in it. */
  records: number
  good: { neighbour: Neighbour; name: string }[]
}

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The fixtures' bytes, unzipped, by the object's name. */
export function fixtureObjects(): { type: string; file: string; bytes: Buffer }[] {
  return logTypes.flatMap((type) =>
    fixturesOf(type).flatMap(({ files }) =>
      files.map(({ file, bytes }) => {
        const expanded = expand(bytes, { maxBytes: 1 << 28 })
        return { type: type.name, file, bytes: expanded.ok ? Buffer.from(expanded.bytes) : bytes }
      }),
    ),
  )
}

/** Long fixtures are of a few kinds of values, many times. */
const LONGEST = 200_000

/** Every value of every fixture, each once by its log type and name. */
export function targetsOf(objects: ReturnType<typeof fixtureObjects>): Target[] {
  const own = { type: definitionFixture.name, file: 'visits.json', bytes: ownRecord('visitor') }
  const found = new Map<string, Target>()
  for (const { type, file, bytes } of [...objects, own]) {
    if (bytes.length > LONGEST) continue
    for (const document of documentsIn(textOf(bytes))?.flatMap(recordsIn) ?? []) {
      for (const { way, name } of valuesIn(document)) {
        const target = { name: `${type} ${name}`, file, document, way }
        if (!found.has(target.name)) found.set(target.name, target)
      }
    }
  }
  return [...found.values()]
}

function ownRecord(name: string): Buffer {
  return Buffer.from(JSON.stringify(definitionFixture.record(name)))
}

/** The records of `{"Records":[…]}` and of an array, so that one of them can be changed and the others stay. */
function recordsIn(document: Tree): Tree[] {
  if ('elements' in document) return document.elements
  if (!('members' in document)) return [document]
  const [only, ...others] = document.members
  return only?.key === '"Records"' && others.length === 0 && 'elements' in only.value
    ? only.value.elements
    : [document]
}

/** The names of what tells records apart. */
const IDS = new Set(['"eventID"', '"id"', '"Id"', '"requestId"', '"eventId"', '"account_id"', '"visit"'])

/** A copy of a record that is no repeat of another copy. */
function withOwnIds(tree: Tree, ending: string): Tree {
  if ('elements' in tree) return { elements: tree.elements.map((one) => withOwnIds(one, ending)) }
  if (!('members' in tree)) return tree
  return {
    members: tree.members.map(({ key, value }) =>
      IDS.has(key) && 'written' in value
        ? { key, value: { written: value.written.replace(/"?$/, `${ending}"`).replace(/^(?!")/, '"') } }
        : { key, value: withOwnIds(value, ending) },
    ),
  }
}

/** Changed records, alone or among good ones of any log type, in one of the ways that they come. */
export function objectOf(
  random: () => number,
  number: number,
  changed: readonly number[],
  targets: readonly Target[],
): FuzzObject {
  const pick = (count: number) => Math.floor(random() * count)
  const changes: string[] = []
  const records: string[] = []
  let file = 'object.json'
  let isRecord = true
  for (const which of changed) {
    const target = targets[Math.floor(which / MUTATIONS.length)] as Target
    const mutation = MUTATIONS[which % MUTATIONS.length] as (typeof MUTATIONS)[number]
    changes.push(`${target.name}: ${mutation.name}`)
    // What is no object says nothing of how the records beside it lie in the object, or has no record at all.
    isRecord &&= target.way.length > 0
    const own = withOwnIds(target.document, `-${number}-${records.length}`)
    records.push(written(mutation.apply(own, target.way)))
    file = target.file
  }
  const good: FuzzObject['good'] = []
  // Some come alone, where only the object tells what they are.
  const neighbours = random() < 0.2 ? 0 : 1 + pick(3)
  // A body of a Bedrock record is told by its name, and no record of its own.
  if (neighbours > 0 && file.includes('/data/')) file = 'object.json'
  for (let index = 0; index < neighbours; index++) {
    const neighbour = NEIGHBOURS[index === 0 && random() < 0.5 ? 0 : pick(NEIGHBOURS.length)] as Neighbour
    const name = createHash('md5').update(`${number}/${index}`).digest('hex')
    good.push({ neighbour, name })
    records.splice(pick(records.length + 1), 0, JSON.stringify(neighbour.record(name)))
  }
  const forms = [
    () => records.join('\n'),
    () => `[${records.join(',')}]`,
    () => `{"Records":[${records.join(',\n')}]}`,
  ]
  const least = isRecord || records.length === 1 ? 0 : 1
  const form = forms[
    neighbours === 0 && records.length === 1 ? 0 : least + pick(forms.length - least)
  ] as () => string
  return {
    file: `${String(number).padStart(6, '0')}/${file}`,
    bytes: bytesOf(form()),
    changes,
    records: records.length,
    good,
  }
}

/** A fixture with bytes of it changed, put in, taken out or cut off. */
export function damagedObject(
  random: () => number,
  number: number,
  objects: ReturnType<typeof fixtureObjects>,
): FuzzObject {
  const pick = (count: number) => Math.floor(random() * count)
  const { type, file, bytes } = objects[pick(objects.length)] as (typeof objects)[number]
  let damaged = Buffer.from(bytes.subarray(0, LONGEST))
  const changes = [`${type} ${file}`]
  for (let times = 1 + pick(3); times > 0; times--) {
    const at = pick(damaged.length + 1)
    const how = pick(4)
    const some = Buffer.from(Array.from({ length: 1 + pick(4) }, () => pick(256)))
    changes.push(`${['over', 'in', 'out', 'off'][how]} at ${at}`)
    if (how === 0) some.copy(damaged, Math.min(at, Math.max(0, damaged.length - some.length)))
    else if (how === 1) damaged = Buffer.concat([damaged.subarray(0, at), some, damaged.subarray(at)])
    else if (how === 2) damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + some.length)])
    else damaged = damaged.subarray(0, at)
  }
  return { file: `${String(number).padStart(6, '0')}/${file}`, bytes: damaged, changes, records: 0, good: [] }
}

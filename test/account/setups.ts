import { tmpdir } from 'node:os'
import type { DoctorSettings } from '../../src/account/doctor/settings.ts'
import { doctorSection } from '../../src/account/doctor/settings.ts'
import type { Known, NewestObject, Setup, SourceFacts, Standing } from '../../src/account/doctor/setup.ts'

/** What the lake of a made-up set-up tells; tests change it. */
export interface Told {
  exists: boolean
  version: number | Error
  newest: NewestObject[]
  standing: Standing
  ledgered: (uri: string) => boolean
  metadata: Map<string, string>
}

export function told(more: Partial<Told> = {}): Told {
  return {
    exists: true,
    version: 7,
    newest: [],
    standing: { sources: [], followers: [], holes: [] },
    ledgered: () => false,
    metadata: new Map(),
    ...more,
  }
}

/** A set-up on a laptop, with what is given in place of parts of it. */
export function setupWith(
  lake: Told,
  {
    settings,
    sources = [],
    ...more
  }: Partial<Omit<Setup, 'settings'>> & { settings?: Partial<DoctorSettings>; sources?: SourceFacts[] } = {},
): Setup {
  const known: Known = {
    exists: async () => lake.exists,
    async version() {
      if (lake.version instanceof Error) throw lake.version
      return lake.version
    },
    standing: async () => lake.standing,
    newestObjects: async () => lake.newest,
    ledgered: async (uri) => lake.ledgered(uri),
    metadata: async () => lake.metadata,
  }
  return {
    program: '0.0.0',
    configuration: { file: 'loglake.yaml' },
    lake: { location: './lake', folders: [{ path: tmpdir(), what: 'temporary files' }] },
    sources,
    destinations: [],
    serve: { host: '127.0.0.1', signIn: 'none', cookieKeys: [], roles: 0, hasOperator: false },
    settings: { ...doctorSection().parse({}), ...settings },
    known,
    ...more,
  }
}

/** How a source stands that has brought something. */
export function standing(
  name: string,
  more: Partial<Standing['sources'][number]> = {},
): Standing['sources'][number] {
  return { name, stopped: false, objects: 1, deadLetters: 0, rejected: 0, ...more }
}

import { catalogKey, HINT, isFree } from '../catalog.ts'
import { type Break, readChain } from '../chain.ts'
import { CLOCKS_APART_MS } from '../lake.ts'
import type { Storage } from '../storage/contract.ts'
import type { LakeVersion } from '../version.ts'
import { type Finding, findingOf } from './findings.ts'

/** Whether each version that is left goes on from the one before it, and the newest lets itself be found and written to. */
export async function verifyCatalog(storage: Storage, newest: LakeVersion): Promise<Finding[]> {
  const { breaks } = await readChain(storage)
  return [...breaks.map(findingOfBreak), ...(await verifyHint(storage)), ...verifyVacuumed(newest)]
}

const REPAIR = '`loglake repair --dry-run` says what can be done'

function findingOfBreak(found: Break): Finding {
  const wrong = (code: string, version: number, message: string, remedy = REPAIR): Finding => ({
    severity: 'wrong',
    code,
    file: catalogKey(version),
    message,
    remedy,
  })
  switch (found.kind) {
    case 'gap': {
      const { from, to } = found
      const what = from === to ? `version ${from} is` : `versions ${from} to ${to} are`
      return wrong('catalog-gap', from, `${what} missing, and later ones are there`)
    }
    case 'fork': {
      const { version } = found
      return wrong(
        'catalog-fork',
        version,
        `version ${version + 1} does not go on from version ${version}: what that one commit added is not in the lake`,
      )
    }
    case 'damaged':
      return findingOf(found.damage, 'catalog-damaged', catalogKey(found.version))
    case 'altered':
      return wrong(
        'catalog-altered',
        found.version,
        `version ${found.version} was rewritten since version ${found.version + 1} went on from it`,
        'restore that file from a backup; later versions do not depend on it',
      )
  }
}

async function verifyHint(storage: Storage): Promise<Finding[]> {
  const bytes = await storage.find(HINT)
  const hinted = Number(Buffer.from(bytes ?? []).toString())
  const good = bytes !== undefined && Number.isSafeInteger(hinted) && hinted > 0
  if (good && !(await isFree(storage, hinted))) return []
  return [
    {
      severity: 'warning',
      code: 'stale-hint',
      file: HINT,
      message: `the hint of the newest version is ${bytes ? 'wrong' : 'missing'}: the catalog is listed to find it`,
      remedy: 'none is needed; the next commit writes it, and so does `loglake repair`',
    },
  ]
}

function verifyVacuumed({ number, catalog: { vacuumed = '' } }: LakeVersion): Finding[] {
  if (!(Date.parse(vacuumed) > Date.now() + CLOCKS_APART_MS)) return []
  return [
    {
      severity: 'wrong',
      code: 'locked',
      file: catalogKey(number),
      message: `no writer can commit until ${vacuumed}: the lake was vacuumed under a clock that was ahead`,
      remedy: '`loglake repair` unlocks the lake',
    },
  ]
}

import { catalogKey, isFree } from '../catalog.ts'
import { type Break, readChain } from '../chain.ts'
import { CLOCKS_APART_MS } from '../lake.ts'
import { HINT, hintedVersion, newestVersion } from '../newest-version.ts'
import type { Storage } from '../storage/contract.ts'
import type { LakeVersion } from '../version.ts'
import { type Finding, findingOf, REPAIR, RESTORE_VERSION } from './findings.ts'

/**
 * Checks that each remaining version continues the one before it, and that the newest can be found and
 * written to.
 */
export async function verifyCatalog(storage: Storage, newest: LakeVersion): Promise<Finding[]> {
  const { breaks } = await readChain(storage)
  return [...breaks.map(findingOfBreak), ...(await verifyHint(storage)), ...verifyVacuumed(newest)]
}

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
  const hinted = await hintedVersion(storage)
  if (hinted !== undefined && !(await isFree(storage, hinted))) return []
  const bytes = await storage.find(HINT)
  const newest = await newestVersion(storage)
  if (hinted !== undefined && hinted > newest) {
    return [
      {
        severity: 'wrong',
        code: 'newest-lost',
        file: catalogKey(hinted),
        message: `version ${hinted} was committed and is missing, and the newest that is left is ${newest}: what was added since is not in the lake`,
        remedy: `${RESTORE_VERSION}; ${REPAIR}`,
      },
    ]
  }
  return [
    {
      severity: 'warning',
      code: 'stale-hint',
      file: HINT,
      message: `the hint of the newest version is ${bytes ? 'wrong' : 'missing'}: the catalog is listed to find the version`,
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

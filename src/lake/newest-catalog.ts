import { LakeError, UserError } from '../lib/errors.ts'
import { type Catalog, catalogKey, isFree, isGivenUp, readCatalog } from './catalog.ts'
import { beyondGap, findNewest } from './newest-version.ts'
import { emptyCatalog } from './next-catalog.ts'
import { hasLaterMetadata } from './publish.ts'
import type { Storage } from './storage/contract.ts'

/** The newest catalog of a lake, as one process knows it. */
export interface NewestCatalog {
  /** Its number. A second call looks only for versions after the one that the first call found. */
  number(): Promise<number>
  read(): Promise<Catalog>
  /**
   * Checks that no version is lost: when the next one is and later ones were made, a commit would fork the
   * lake, or take their place.
   *
   * @throws LakeError that names the lost version
   */
  checkGaps(catalog: Catalog): Promise<void>
  /** Notes that this process committed a version. */
  committed(version: number): void
}

export function newestCatalogOf(storage: Storage): NewestCatalog {
  let known = 0
  let hasCommitted = false
  /** A version that is lost, until it is there again. */
  let gap: number | undefined

  async function number(): Promise<number> {
    const found = await findNewest(storage, known)
    known = found.version
    gap ??= found.gap
    return known
  }

  return {
    number,
    async read() {
      if ((await number()) === 0) checkLocation(storage.root)
      return known === 0 ? emptyCatalog() : await readCatalog(storage, known)
    },
    async checkGaps(catalog) {
      const { version } = catalog
      const [beyond, published] = await Promise.all([
        version === 0 ? undefined : beyondGap(storage, version),
        // Nothing can be lost before what this process saw or wrote itself.
        !hasCommitted && hasLaterMetadata(storage, catalog),
      ])
      gap ??= beyond ?? (published ? version + 1 : undefined)
      if (gap === undefined) return
      // Others may have committed since, and a vacuum may have given that up again: then this commit fails by
      // itself.
      if (!(await isFree(storage, gap)) || (await isGivenUp(storage, gap))) gap = undefined
      else throw gapError(storage, gap, version)
    },
    committed(version) {
      known = version
      hasCommitted = true
    },
  }
}

/**
 * Other engines read a table's location as a URI: pyiceberg and Spark cut a path at `#` or `?`. Neither
 * decodes `%23`, so such a path cannot be escaped.
 */
function checkLocation(root: string): void {
  const wrong = /[#?\p{Cc}]/u.exec(root.startsWith('file:') ? root : '')
  if (!wrong) return
  const character = /\p{Cc}/u.test(wrong[0]) ? 'a control character' : wrong[0]
  throw new UserError(
    `a lake cannot be made in a folder whose path has ${character} in it: Spark and pyiceberg could not read it. Choose another with --lake`,
  )
}

/** The error of a writer that finds a version missing from the catalog, below the newest or above it. */
export function gapError(storage: Storage, version: number, newest: number): LakeError {
  if (version > newest) {
    return new LakeError(`version ${version} of the lake is missing, although it was committed`, {
      file: `${storage.root}/${catalogKey(version)}`,
      remedy:
        'restore that file from a backup; without one, `loglake repair` goes on from the newest version that is left, and what was added since has to be ingested again',
    })
  }
  return new LakeError(`version ${version} of the lake is missing, and later ones are there`, {
    file: `${storage.root}/${catalogKey(version)}`,
    remedy:
      'restore that file from a backup; without one, `loglake repair` steps over it, since each version holds the whole truth',
  })
}

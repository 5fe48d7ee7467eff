/** Runs a limited number of tasks at once; the others wait in order of arrival. */
export type Lanes = <T>(work: () => Promise<T>) => Promise<T>

export function limit(max: number): Lanes {
  const waiting: (() => void)[] = []
  let free = max
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((go) => waiting.push(go))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

/** Like `Promise.all`, but rejects only after all the others have ended too. */
export async function allDone<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works)
  return await Promise.all(works)
}

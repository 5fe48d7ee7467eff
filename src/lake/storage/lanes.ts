/** Lets so many pieces of work run at once; the others wait in the order that they came in. */
export type Lanes = <T>(work: () => Promise<T>) => Promise<T>

export function atOnce(most: number): Lanes {
  const waiting: (() => void)[] = []
  let free = most
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

/** Like Promise.all, but where one fails, the others have ended too when that is told. */
export async function allDone<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works)
  return await Promise.all(works)
}

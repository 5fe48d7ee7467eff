import { sentence } from '../lib/errors.ts'

/** What is opened once for many questions, and closed. */
interface Opened {
  close(): void
}

/** Works with what is open now. */
export interface Reopened<One extends Opened> {
  use<Made>(work: (one: One) => Promise<Made>): Promise<Made>
  close(): void
}

/** A failure within DuckDB ends its whole instance: from then on every question fails with these words, whatever it asks. */
const GIVEN_UP = /database has been invalidated because of a previous fatal error/

/** Opens something on DuckDB, and opens it anew when DuckDB has given it up, so that one question cannot end all that come after it. */
export async function reopened<One extends Opened>(open: () => Promise<One>): Promise<Reopened<One>> {
  const all = [await open()]
  let opening: Promise<One> = Promise.resolve(all[0] as One)

  async function anew(): Promise<One> {
    const one = await open()
    all.push(one)
    return one
  }

  return {
    async use(work) {
      const used = opening
      try {
        return await work(await used)
      } catch (thrown) {
        if (!GIVEN_UP.test(sentence(thrown))) throw thrown
        // Whoever notices first opens it; answers that are still being read from the other keep it until the end.
        if (opening === used) {
          opening = anew()
          // One that could not be opened is tried again by the next.
          opening.catch(() => {
            opening = used
          })
        }
        return await work(await opening)
      }
    },
    close() {
      for (const one of all) one.close()
    },
  }
}

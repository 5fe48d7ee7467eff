import { useState } from 'react'
import { failureText, problemOf } from '../api/client.ts'
import { notReached } from '../api/reach.ts'
import { say } from '../ui/toast.tsx'

/**
 * Saves answers of the server as files. What went wrong is said on the page: a link would save the server's
 * error as the file. A file without a name of its own gets the server's.
 */
export function useSaving(): {
  busy: boolean
  save: (ask: () => Promise<Response>, name?: string) => Promise<void>
} {
  const [busy, setBusy] = useState(false)
  const save = async (ask: () => Promise<Response>, name?: string) => {
    setBusy(true)
    try {
      const response = await ask()
      if (!response.ok) throw await problemOf(response)
      // The connection may break in the middle of the file: half of it is never saved.
      const content = await response.blob().catch((thrown: unknown) => {
        throw notReached(thrown)
      })
      const link = document.createElement('a')
      link.href = URL.createObjectURL(content)
      link.download = name ?? nameOf(response)
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    } catch (error) {
      say(`Not exported: ${failureText(error as Error)}`)
    } finally {
      setBusy(false)
    }
  }
  return { busy, save }
}

/** The name that the server gives a file: letters, digits, dots and dashes alone. */
function nameOf({ headers }: Response): string {
  return /filename="([\w.-]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'export'
}

import { useSyncExternalStore } from 'react'

const media = matchMedia('(max-width: 720px)')

/** Whether the page is as narrow as a phone, where rows are drawn as cards. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => media.matches,
  )
}

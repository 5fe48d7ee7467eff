import { useSyncExternalStore } from 'react'

/** What a person set for this browser. Nothing of the lake is kept here. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** Which clock every time on every page is shown by. */
  readonly zone: 'utc' | 'local'
  /** Whether single keys do something; WCAG 2.1.4 asks that they can be switched off. */
  readonly keys: boolean
}

const KEY = 'loglake'
const DEFAULTS: Preferences = { theme: 'system', zone: 'utc', keys: true }
const listeners = new Set<() => void>()
let current = read()

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') }
  } catch {
    return DEFAULTS
  }
}

export function preferences(): Preferences {
  return current
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // A browser that stores nothing keeps the setting until the page is closed.
  }
  document.documentElement.dataset.theme = current.theme
  // The server writes the chosen theme into the page, so that none flashes in the other one before a script runs.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `theme=${current.theme}; path=/; max-age=31536000; samesite=lax`
  for (const listener of listeners) listener()
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

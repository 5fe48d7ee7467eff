/** Reloads the application as another role, until the browser is closed. Only a server without sign-in does so. */
export function lookAs(role: string, to = '/'): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `look-as=${encodeURIComponent(role)}; path=/; samesite=strict`
  location.assign(to)
}

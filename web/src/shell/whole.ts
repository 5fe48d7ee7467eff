import { useEffect } from 'react'

/** How far up from the pointer the element that cuts the text may be. */
const MAX_UP = 4

/** Texts that an ellipsis cuts tell the whole of themselves under the pointer, on every page. */
export function useWholeTexts(): void {
  useEffect(() => {
    const tell = ({ target }: Event) => {
      let element = target instanceof HTMLElement ? target : null
      for (let up = 0; element && up < MAX_UP; up++, element = element.parentElement) {
        const own = element.dataset.whole !== undefined
        // A title of the page's own says more.
        if (element.title && !own) return
        const cut =
          element.scrollWidth > element.clientWidth && getComputedStyle(element).textOverflow === 'ellipsis'
        if (cut) {
          element.dataset.whole = ''
          element.title = element.innerText
          return
        }
        if (own) {
          delete element.dataset.whole
          element.removeAttribute('title')
        }
      }
    }
    document.addEventListener('pointerover', tell)
    return () => document.removeEventListener('pointerover', tell)
  }, [])
}

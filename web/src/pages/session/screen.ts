import { Terminal } from '@xterm/headless'

/**
 * A headless terminal: output in, rows of styled spans out, which React draws. It opens no link and sets
 * neither title nor clipboard, and its replies to the program go nowhere.
 */
export interface Span {
  readonly text: string
  readonly fg: string | undefined
  readonly bg: string | undefined
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
}

const COLUMNS = 120
const ROWS = 40
/** Characters per write: xterm parses this many without a noticeable pause. */
const CHUNK = 65_536

export interface Shown {
  readonly rows: readonly (readonly Span[])[]
  readonly cursor: { readonly x: number; readonly y: number }
}

export async function screenOf(output: string, cancelled: () => boolean): Promise<Shown | undefined> {
  const terminal = new Terminal({ cols: COLUMNS, rows: ROWS, scrollback: 2_000, allowProposedApi: true })
  try {
    for (let from = 0; from < output.length; from += CHUNK) {
      if (cancelled()) return undefined
      const chunk = output.slice(from, from + CHUNK)
      await new Promise<void>((resolve) => terminal.write(chunk, resolve))
    }
    const buffer = terminal.buffer.active
    const rows: Span[][] = []
    for (let y = 0; y < buffer.length; y++) rows.push(spansOf(terminal, y))
    while (rows.length > 0 && rows.at(-1)?.every(({ text, bg }) => text.trim() === '' && !bg)) rows.pop()
    return { rows, cursor: { x: buffer.cursorX, y: buffer.baseY + buffer.cursorY } }
  } finally {
    terminal.dispose()
  }
}

function spansOf(terminal: Terminal, y: number): Span[] {
  const line = terminal.buffer.active.getLine(y)
  if (!line) return []
  const spans: (Span & { text: string })[] = []
  const cell = terminal.buffer.active.getNullCell()
  for (let x = 0; x < line.length; x++) {
    line.getCell(x, cell)
    if (cell.getWidth() === 0) continue
    const text = cell.getChars() || ' '
    const inverse = cell.isInverse() !== 0
    const fg = colour(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor())
    const bg = colour(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor())
    const style = {
      fg: inverse ? (bg ?? 'var(--sunken)') : fg,
      bg: inverse ? (fg ?? 'var(--text)') : bg,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      italic: cell.isItalic() !== 0,
      underline: cell.isUnderline() !== 0,
    }
    const last = spans.at(-1)
    if (last && same(last, style)) (last as { text: string }).text += text
    else spans.push({ text, ...style })
  }
  return spans
}

function same(one: Omit<Span, 'text'>, other: Omit<Span, 'text'>): boolean {
  return (
    one.fg === other.fg &&
    one.bg === other.bg &&
    one.bold === other.bold &&
    one.dim === other.dim &&
    one.italic === other.italic &&
    one.underline === other.underline
  )
}

/**
 * The sixteen basic colours are taken from the page's theme, which keeps them readable; others are drawn as
 * sent.
 */
const PALETTE = [
  'var(--text-3)',
  'var(--danger)',
  'var(--ok)',
  'var(--warn)',
  'var(--c1)',
  'var(--agent)',
  'var(--c1)',
  'var(--text)',
]

function colour(rgb: boolean, palette: boolean, value: number): string | undefined {
  if (rgb) return `#${value.toString(16).padStart(6, '0')}`
  if (!palette) return undefined
  if (value < 16) return PALETTE[value % 8]
  if (value >= 232) {
    const grey = 8 + (value - 232) * 10
    return `rgb(${grey} ${grey} ${grey})`
  }
  const step = (part: number) => (part === 0 ? 0 : 55 + part * 40)
  const index = value - 16
  return `rgb(${step(Math.floor(index / 36))} ${step(Math.floor(index / 6) % 6)} ${step(index % 6)})`
}

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { PostgreSQL, sql } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import type { Output } from '../../api/client.ts'
import { overSelection } from './over-selection.ts'

/** CodeMirror's style elements need this nonce to pass the content security policy. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12px', backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: '0', color: 'var(--text-3)' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in oklch, var(--hover) 60%, transparent)',
  },
  '&.cm-focused, &:focus-within': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in oklch, var(--accent) 26%, transparent) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--selected)',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
  '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal' },
  '.cm-matchingBracket': { backgroundColor: 'var(--selected) !important', outline: 'none' },
})

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent-text)', fontWeight: '500' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
  { tag: [tags.comment], color: 'var(--text-3)' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--agent)' },
])

export function Editor({
  value,
  onChange,
  onRun,
  schema,
}: {
  value: string
  onChange: (text: string) => void
  onRun: () => void
  schema: Output<'tables'> | undefined
}) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const language = useRef(new Compartment())
  const acts = useRef({ onChange, onRun })
  acts.current = { onChange, onRun }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is created once; the effects below update it
  useEffect(() => {
    if (!box.current) return
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          highlightActiveLine(),
          placeholder('select … from …'),
          EditorView.lineWrapping,
          overSelection,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL' }),
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                acts.current.onRun()
                return true
              },
            },
            ...completionKeymap,
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.updateListener.of(
            (update) => update.docChanged && acts.current.onChange(update.state.doc.toString()),
          ),
          language.current.of(languageOf(schema)),
          syntaxHighlighting(colours),
          look,
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [])
  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(schema)) })
  }, [schema])
  useEffect(() => {
    const now = view.current?.state.doc.toString()
    if (view.current && now !== value)
      view.current.dispatch({ changes: { from: 0, to: now?.length ?? 0, insert: value } })
  }, [value])
  return <div ref={box} className="code" />
}

/** SQL that completes the lake's tables, columns and functions. */
function languageOf(schema: Output<'tables'> | undefined): Extension {
  const tables = Object.fromEntries(
    (schema?.tables ?? []).map(({ name, columns }) => [
      name,
      columns.map((column) => ({
        label: column.name,
        detail: column.type.toLowerCase(),
        info: column.doc,
        type: 'property',
      })),
    ]),
  )
  const support = sql({ dialect: PostgreSQL, schema: tables })
  const functions = (schema?.functions ?? []).map((name) => ({
    label: name,
    apply: `${name}(`,
    type: 'function',
  }))
  return [
    support,
    PostgreSQL.language.data.of({
      autocomplete: (context: {
        matchBefore(pattern: RegExp): { from: number; text: string } | null
        explicit: boolean
      }) => {
        const word = context.matchBefore(/[a-z_]\w*/i)
        return word && (word.text.length > 1 || context.explicit)
          ? { from: word.from, options: functions }
          : null
      },
    }),
  ]
}

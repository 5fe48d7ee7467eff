import { EditorView } from '@codemirror/view'

/**
 * Types over a selection by CodeMirror itself. Chromium would keep the look of the replaced text in an inline
 * style, which the content security policy blocks and reports.
 */
export const overSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main
    const text = event.inputType === 'insertText' ? event.data : null
    if (!text || empty || view.composing || view.state.selection.ranges.length > 1) return false
    event.preventDefault()
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true })
    const handlers = view.state.facet(EditorView.inputHandler)
    if (!handlers.some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert())
    return true
  },
})

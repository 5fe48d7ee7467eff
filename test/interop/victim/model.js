// A process of its own around a small language model: a prompt comes as a message, and what the model says goes back.
// Arguments: the entry of node-llama-cpp, and the file of weights (setup.sh prints both).
import { pathToFileURL } from 'node:url'

const [engine = '', weights = ''] = process.argv.slice(2)
const { getLlama, LlamaCompletion } = await import(pathToFileURL(engine).href)
// With more threads than there are idle processors they wait for each other by spinning.
const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  maxThreads: 1,
  logLevel: 'error',
})
const model = await llama.loadModel({ modelPath: weights })
const context = await model.createContext({ contextSize: 2048, threads: 1 })
const completion = new LlamaCompletion({ contextSequence: context.getSequence() })
const grammars = new Map()

async function grammarOf(schema) {
  const key = JSON.stringify(schema)
  const made = grammars.get(key) ?? (await llama.createGrammarForJsonSchema(schema))
  grammars.set(key, made)
  return made
}

process.on('message', async ({ prompt, schema, seed, temperature, max }) => {
  try {
    const text = await completion.generateCompletion(model.tokenize(prompt, true), {
      ...(schema ? { grammar: await grammarOf(schema) } : {}),
      ...{ seed, temperature, maxTokens: max, customStopTriggers: ['<|im_end|>'] },
    })
    process.send({ text })
  } catch (thrown) {
    process.send({ fault: String(thrown) })
  }
})
process.on('disconnect', () => process.exit())
process.send({ ready: true })

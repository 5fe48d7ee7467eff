import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { contentSecurityPolicy, HEADERS } from '../src/server/headers.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Writes a `.br` and a `.gz` of each file during the build, so that the server never compresses. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir }) {
      if (!dir) return
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|svg|txt)$/.test(name)) continue
        const bytes = readFileSync(join(dir, name))
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }))
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 }
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params: quality }))
      }
    },
  }
}

const NONCE = 'development'

/**
 * Development has the headers of `loglake serve`: what its policy forbids is seen while it is written. Scripts that
 * plugins write into the page become files, since the policy allows none in a page.
 */
function servedAsByLoglake(): Plugin {
  const scripts: string[] = []
  return {
    name: 'served-as-by-loglake',
    apply: 'serve',
    config: () => ({ html: { cspNonce: NONCE } }),
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
        response.setHeader('content-security-policy', contentSecurityPolicy(NONCE))
        const script = scripts[Number(/^\/@written\/(\d+)\.js$/.exec(request.url ?? '')?.[1])]
        if (script === undefined) return next()
        response.setHeader('content-type', 'text/javascript')
        response.end(script)
      })
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html
          .replaceAll('%NONCE%', NONCE)
          .replaceAll('%THEME%', 'auto')
          .replace(/<script type="module"[^>]*>([^<]+)<\/script>/g, (_, script: string) => {
            if (!scripts.includes(script)) scripts.push(script)
            return `<script type="module" src="/@written/${scripts.indexOf(script)}.js"></script>`
          }),
    },
  }
}

/** Paths that `loglake serve` answers, and not the files of the pages. */
const ANSWERED = ['/api', '/auth', '/healthz']

/**
 * Builds the web application from `web/` into `dist/web/`, which `loglake serve` sends. File names contain a
 * hash of the content, so that browsers may cache them for ever.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react(), compressed(), servedAsByLoglake()],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // A font in a data URL would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.txt' },
    reportCompressedSize: false,
    // Lists the files of each page; `test/browser/size.test.ts` counts their sizes.
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        // Code of every page is one file, since many small ones compress worse. The first page does without
        // infinite queries and mutations, so these stay out of it.
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /^(?!.*(infiniteQueryObserver|useInfiniteQuery|mutationObserver|useMutation)).*(node_modules\/(react|react-dom|scheduler|@tanstack\/(react-)?(router|query|store|history)[\w-]*)\/|web\/src\/(api\/client|time|preferences|search|shell\/(shell|header|me|places)|ui\/(plain|button|float|toast|states|keys|time-range)))/,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ANSWERED.map((path) => [path, process.env.LOGLAKE_URL ?? 'http://127.0.0.1:8600']),
    ),
  },
})

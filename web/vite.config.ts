import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

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

/**
 * Builds the web application from `web/` into `dist/web/`, which `loglake serve` sends. File names contain a
 * hash of the content, so that browsers may cache them for ever.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react(), compressed()],
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
  server: { host: '127.0.0.1', proxy: { '/api': process.env.LOGLAKE_URL ?? 'http://127.0.0.1:8437' } },
})

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Writes each file's `.br` and `.gz` beside it once, so that the server compresses nothing while it is asked. */
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
 * The browser's application: from `web/` to `dist/web/`, which `loglake serve` sends. Names of files hold a hash of what
 * is in them, so that a browser may keep them for ever.
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
    // Which files a page needs: what `test/browser/size.test.ts` counts.
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        // What every page needs is one file: many small ones are more bytes when they are compressed. Pages of rows and changes are not
        // for the first page.
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

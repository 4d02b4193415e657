import { build, type Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Scene } from '../shared/model';
import { PREVIEW } from './files';

const BUILT = join(PREVIEW, 'build', 'page');
const ICONS = join(PREVIEW, 'node_modules', '@grafana', 'ui', 'dist', 'public');
/** Path from which Grafana's components load their icons. */
const ICON_PATH = '/public/build/';
const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Preview</title><link rel="stylesheet" href="/main.css">' +
  '<div id="root"></div><script type="module" src="/main.js"></script>';

/**
 * A CommonJS library whose default export esbuild passes to Grafana's ES modules wrapped in an object, as Node.js does. Grafana expects
 * the export itself, as from other bundlers.
 */
const WRAPPED = 'react-custom-scrollbars-2';
const unwrap: Plugin = {
  name: 'unwrap',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${WRAPPED}$`) }, ({ kind }) =>
      kind === 'import-statement' ? { path: WRAPPED, namespace: 'unwrap' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unwrap' }, () => ({
      contents: `module.exports = require('${WRAPPED}').default;`,
      resolveDir: PREVIEW,
    }));
  },
};

/** Bundles the page that draws. */
export async function bundle(): Promise<void> {
  await build({
    entryPoints: [join(PREVIEW, 'src', 'page', 'main.tsx')],
    outdir: BUILT,
    bundle: true,
    // Code that is never loaded, such as a code editor, goes into separate files.
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'empty', '.woff': 'empty', '.woff2': 'file' },
    plugins: [unwrap],
    logLevel: 'silent',
  });
}

/** Serves the page and one scene at a time, on the loopback address only. */
export class Site {
  private readonly server: Server;
  scene: Scene | undefined;

  constructor() {
    this.server = createServer(async (request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      if (path === '/') {
        response.setHeader('Content-Type', 'text/html').end(PAGE);
      } else if (path === '/scene.json') {
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(this.scene));
      } else {
        const file = path.startsWith(ICON_PATH) ? join(ICONS, path.slice(ICON_PATH.length)) : join(BUILT, path);
        try {
          const bytes = await readFile(file);
          response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream').end(bytes);
        } catch {
          response.writeHead(404).end();
        }
      }
    });
  }

  /** Starts the server and returns its address. */
  open(): Promise<string> {
    return new Promise((done, failed) => {
      this.server.once('error', failed);
      this.server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`));
    });
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Style and script of the HTML report as the program carries them, with the hashes by which the page's policy knows them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A module that exports both as texts. */
export async function reportPage(root: string): Promise<string> {
  const style = await bundled(root, 'src/page/style.css');
  const script = await bundled(root, 'src/page/main.ts');
  if (/<\/(?:style|script)/i.test(style + script)) throw new Error('src/page/ would end its own element');
  return [
    '/* Generated from src/page/ by `npm run generate`. Do not edit. */',
    `export const STYLE = ${JSON.stringify(style)};`,
    `export const STYLE_HASH = '${hash(style)}';`,
    `export const SCRIPT = ${JSON.stringify(script)};`,
    `export const SCRIPT_HASH = '${hash(script)}';`,
    '',
  ].join('\n');
}

async function bundled(root: string, entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['chrome111', 'firefox121', 'safari16.4'],
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return (outputFiles[0]?.text ?? '').trim();
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

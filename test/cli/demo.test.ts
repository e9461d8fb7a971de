/** The demo: every step, on whichever server the machine has; nothing is left behind, also when it is interrupted. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inFolder, mongoward, PROGRAM, unbuilt } from './terminal.ts';

test('it walks through the main job and leaves nothing behind', async () => {
  // Of its own: other programs on the machine may run the demo, too.
  await inFolder({}, async (folder) => {
    const shared = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    try {
      await walkThrough();
    } finally {
      if (shared === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = shared;
    }
    assert.deepEqual(readdirSync(folder), []);
  });
});

async function walkThrough(): Promise<void> {
  const env = { ...process.env } as Record<string, string>;
  const { code, out, err } = await mongoward(['demo'], { env });
  assert.equal(err, '');
  assert.equal(code, 0);
  const codes = [...out.matchAll(/^\$ mongoward (.*)\n[\s\S]*?^\(exit code (\d)\)$/gm)].map(
    ([, line, exit]) => `${line}: ${exit}`,
  );
  assert.deepEqual(codes, [
    'policy lint policies/audit-trail.yaml: 0',
    'policy test: 0',
    'migrate plan --cluster demo: 0',
    'migrate apply --from-policy --cluster demo --yes: 0',
    'migrate apply --from-policy --cluster demo --yes: 0',
    'drift report --cluster demo: 0',
    'drift report --cluster demo: 1',
  ]);
  assert.match(out, /orders-app@admin → readWrite@audit → update on audit\.\*/);
  assert.equal(out.match(/ {2}refused\n/g)?.length, 11);
  assert.match(out, /binary data, subtype 6, \d+ bytes|install mongodb-client-encryption@7/);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`interrupted by ${signal}, it leaves nothing behind either`, { skip: unbuilt }, async () => {
    await inFolder({}, async (folder) => {
      const env = { ...process.env, TMPDIR: folder };
      const child = spawn(process.execPath, [PROGRAM, 'demo'], { stdio: ['ignore', 'pipe', 'inherit'], env });
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      for await (const chunk of child.stdout) if (String(chunk).includes('3. What')) child.kill(signal);
      assert.equal(await ended, signal === 'SIGINT' ? 130 : 143);
      assert.deepEqual(readdirSync(folder), []);
    });
  });
}

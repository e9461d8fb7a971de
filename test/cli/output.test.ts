/** What goes out: nothing that can't be seen, one line for each message, no line that a CI takes for a command. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { hasHidden } from '../../src/input/characters.ts';
import { markedColours } from '../../src/report/paint.ts';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { collection, role, state, user } from '../support/build.ts';
import { REPORTS } from './report-formats.ts';
import { inFolder, mongoward, PROGRAM, unbuilt } from './terminal.ts';

/** A name that would be a line, a command and a colour of its own. */
const EVIL = 'x\n::error::EVIL\nEVIL ##[set-env name=A]b ##vso[task.x]\u001b[31m\u202e\u200b\r\u2028\u0007';

const CLUSTER = formatSnapshot(
  state({
    roles: [role(`r${EVIL}@admin`, { [`shop.c${EVIL}`]: ['find', 'remove'], '*.*': ['insert'] }, ['root@admin'])],
    users: [user(`u${EVIL}@admin`, [`r${EVIL}@admin`, 'root@admin']), user('v@admin', ['readWriteAnyDatabase@admin'])],
    databases: [{ name: 'shop', collections: [collection(`c${EVIL}`), collection('trail')] }],
  }),
);

const POLICY = `apiVersion: mongoward/v1
metadata: { name: p }
collections:
  shop.trail: { protection: append-only }
  ${JSON.stringify(`shop.c${EVIL}`).replaceAll('\u202e', '\\u202e').replaceAll('\u200b', '\\u200b').replaceAll('\u2028', '\\u2028')}: { protection: read-only, remedy: rewrite }
restrictions:
  - { users: "*", on: shop.*, deny: [read, write], remedy: rewrite }
`;

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  ...REPORTS,
  'policy init --snapshot s.json -o new --force': [''],
  'migrate new --snapshot s.json': [''],
};

for (const [line, formats] of Object.entries(FORMATS)) {
  for (const format of formats) {
    test(`${line} ${format}: hostile names are shown as what they are`, async () => {
      await inFolder({ 'policies/p.yaml': POLICY, 's.json': CLUSTER }, async (cwd) => {
        const argv = [...line.split(' '), ...(format === '' ? [] : ['--format', format])];
        const { code, out, err } = await mongoward(argv, { cwd });
        assert.ok(code <= 2);
        const all = out + err;
        assert.equal(hasHidden(all), false, JSON.stringify(all.match(/[^\n -~]+/g)));
        // In JUnit's XML the text of an element keeps its line ends.
        if (format !== 'junit') assert.doesNotMatch(all, /^EVIL/m);
        assert.doesNotMatch(all, /##\[|##vso\[/);
        if (format !== 'github') assert.doesNotMatch(all, /^\s*::/m);
        else for (const command of out.split('\n').slice(0, -1)) assert.match(command, /^::(?:error|warning|notice) /);
        if (format === 'json' || format === 'sarif') JSON.parse(out);
      });
    });
  }
}

test('a message on standard error is one line, whatever it quotes', async () => {
  await inFolder({ 'policies/p.yaml': POLICY, 's.json': CLUSTER }, async (cwd) => {
    for (const argv of [
      ['policy', 'lint', `a${EVIL}.yaml`],
      ['policy', 'explain', EVIL],
      ['policy', 'who', '--snapshot', 's.json', EVIL, 'shop.trail'],
      ['policy', 'can', '--snapshot', 's.json', `${EVIL}@admin`, 'find', 'shop.trail'],
      ['policy', 'lint', '--config', EVIL],
      ['policy', 'lint', '--var', EVIL],
      ['drift', 'report', '--cluster', EVIL],
      [EVIL],
    ]) {
      const { code, err } = await mongoward(argv, { cwd });
      assert.equal(code, 2, err);
      assert.equal(hasHidden(err), false, err);
      assert.doesNotMatch(err, /^EVIL|^\s*::/m);
    }
  });
});

test('colours are those of the program: a name can bring none along', () => {
  const { paint, shown } = markedColours();
  assert.equal(shown(paint('red', 'a\\u001b[31mb')), '\u001b[31ma\\u001b[31mb\u001b[39m');
});

function exitCode(args: readonly string[], stdio: readonly (number | 'ignore' | 'pipe')[]): Promise<number | null> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: [...stdio] });
  child.stdout?.destroy();
  child.stderr?.destroy();
  return new Promise((resolve) => child.once('exit', resolve));
}

test('an output that can not be written is exit code 2; messages that nobody reads change nothing', {
  skip: unbuilt,
}, async () => {
  if (existsSync('/dev/full')) {
    const full = openSync('/dev/full', 'w');
    assert.equal(await exitCode(['policy', 'lint', '--format', 'json'], ['ignore', full, 'ignore']), 2);
    assert.equal(await exitCode(['policy', 'lint', '--format', 'json'], ['ignore', 'ignore', full]), 0);
    assert.equal(await exitCode(['policy', 'lint', 'nowhere'], ['ignore', 'ignore', full]), 2);
  }
  assert.equal(await exitCode(['policy', 'lint', '--format', 'json'], ['ignore', 'pipe', 'ignore']), 2);
  assert.equal(await exitCode(['policy', 'lint', '--format', 'json'], ['ignore', 'ignore', 'pipe']), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PolicyMemory } from '../../src/cli/policy-memory.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';

const text = `apiVersion: mongoward/v1
metadata: { name: trail }
variables: { place: audit }
roles: { 'writer@\${place}': {} }
`;

test('a file is parsed once, and compiled once for the same variables', () => {
  const memory = new PolicyMemory();
  let parsed = 0;
  const read = () =>
    memory.parsed('trail.yaml', () => {
      parsed += 1;
      return parsePolicyFile({ file: 'trail.yaml', text });
    });
  const compiled = (place: string) => memory.compiled([read()], [new Map([['place', place]])]).intent;
  const [here, again, there] = [compiled('here'), compiled('here'), compiled('there')];
  assert.equal(parsed, 1);
  assert.equal(here, again);
  assert.deepEqual(
    [here, there].map((intent) => intent?.roles.map(({ role }) => role.db)),
    [['here'], ['there']],
  );
});

test('what one cluster is told of a variable is not mixed with the layer above it', () => {
  const memory = new PolicyMemory();
  const file = memory.parsed('trail.yaml', () => parsePolicyFile({ file: 'trail.yaml', text }));
  const [place, none] = [new Map([['place', 'here']]), new Map<string, string>()];
  assert.notEqual(memory.compiled([file], [place, none]), memory.compiled([file], [none, place]));
});

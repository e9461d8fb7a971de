/** A policy with the field map of each definition, and comments where something is not as it seems. */
import { escaped, head, scalar } from '../adopt/write.ts';
import type { KmsEntry } from '../generated/policy.ts';
import type { Problem } from '../policy/problem.ts';
import type { Definition } from './definition.ts';
import { folderTraps, type SealedField, sealedIn, sealing } from './folder.ts';

export interface PolicyFacts {
  /** `metadata.name` */
  readonly name: string;
  /** The folder of the definitions, for a comment. */
  readonly folder: string;
  /** The database that the service is connected to. */
  readonly db: string;
  readonly keyVault: string;
  readonly kms: KmsEntry;
}

/** The text of one policy file. Definitions that seal nothing are not in it. */
export function policyText(definitions: readonly Definition[], facts: PolicyFacts): string {
  const traps = folderTraps(definitions);
  const entries = sealing(definitions).map((definition) => entryText(definition, facts, traps));
  const body = `\ncollections:\n${entries.join('\n\n')}`;
  const about = [
    `# What the CRUD Service seals by its definitions in ${oneLine(facts.folder)}.`,
    `# "mongoward policy crud-service" compares the two, and writes a change of this map into the definitions.`,
  ];
  return `${about.join('\n')}\n${head(facts.name, body)}${body}\n`;
}

function entryText(definition: Definition, { db, keyVault, kms }: PolicyFacts, traps: readonly Problem[]): string {
  const { source, name, indexes } = definition;
  const whole = source.locate([]).path;
  const own = traps.filter(({ file, path }) => file === source.file && isWithin(path, whole));
  const fields = sealedIn(definition).map(
    (field) => [field, own.filter(({ path }) => isWithin(path, source.locate(field.place).path))] as const,
  );
  const told = new Set(fields.flatMap(([, list]) => list));
  const kmsText = Object.entries(kms).map(([key, value]) => `${scalar(key)}: ${scalar(String(value))}`);
  return [
    ...comment('  ', source.file),
    ...(indexes.length === 0 ? [] : comment('  ', indexText(definition))),
    ...own.filter((trap) => !told.has(trap)).flatMap((trap) => comment('  ', trapText(trap))),
    `  ${scalar(`${db}.${name}`)}:`,
    ...schemaLines(sealedIn(definition)),
    '    encryption:',
    `      keyVault: ${scalar(keyVault)}`,
    `      kms: { ${kmsText.join(', ')} }`,
    '      fields:',
    ...fields.flatMap(([field, list]) => [
      ...list.flatMap((trap) => comment('        ', trapText(trap))),
      `        ${fieldText(field, name)}`,
    ]),
  ].join('\n');
}

/** A field whose name is a number: that what contains it is a document, and no array, only the schema can say. */
function schemaLines(fields: readonly SealedField[]): readonly string[] {
  const containing = fields.flatMap(({ segments }) =>
    segments.flatMap((name, depth) => (depth > 0 && /^\d+$/.test(name) ? [segments.slice(0, depth)] : [])),
  );
  return containing.length === 0 ? [] : [`    schema: ${escaped(JSON.stringify(documents(containing)))}`];
}

function documents(paths: readonly (readonly string[])[]): object {
  const below = new Map<string, (readonly string[])[]>();
  for (const [name, ...rest] of paths) if (name !== undefined) below.set(name, [...(below.get(name) ?? []), rest]);
  if (below.size === 0) return { bsonType: 'object' };
  return {
    bsonType: 'object',
    properties: Object.fromEntries([...below].map(([name, inner]) => [name, documents(inner)])),
  };
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

/** The service finds its key by two alternative names at once; this one tells the collections apart. */
function fieldText({ path, seal }: SealedField, collection: string): string {
  return `${scalar(path)}: { bsonType: ${seal.bsonType}, algorithm: ${seal.algorithm}, keyAltName: ${scalar(collection)} }`;
}

function indexText({ indexes }: Definition): string {
  const ttl = indexes.flatMap(({ name, expireAfterSeconds }) =>
    expireAfterSeconds === undefined
      ? []
      : [`${name} removes documents after ${expireAfterSeconds} s, which "protection" and "retention" forbid`],
  );
  const names = indexes.map(({ name }) => name).join(', ');
  return [
    `The service builds indexes when it starts (${names}): an account that may only insert needs DISABLE_INDEX_MANAGEMENT=true.`,
    ...ttl.map((one) => `TTL: ${one}.`),
  ].join(' ');
}

function trapText({ severity, line, message }: Problem): string {
  return `${severity === 'error' ? 'WRONG' : 'Note'} (line ${line}): ${message}.`;
}

const WIDTH = 110;

function comment(indent: string, text: string): readonly string[] {
  const lines: string[] = [''];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && indent.length + last.length + word.length + 3 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `${indent}# ${line}`);
}

/** A name may hold a line end, which would end the comment. */
function oneLine(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll(/[\u0085\u2028\u2029]/g, ' ');
}

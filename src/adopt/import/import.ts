/**
 * A policy from another tool's files: read to MongoDB's own commands, carried out in mind, and written as an adopted policy.
 * Each kind of file is read by a parser that is loaded when it is asked for.
 */
import type { Role, User } from '../../model/role.ts';
import { adopt } from '../adopt.ts';
import type { Command, ImportFile, ImportNote, Reader, Variables } from './node.ts';
import { settle } from './settle.ts';
import type { Source } from './sources.ts';

const READERS: Readonly<Record<Source, () => Promise<Reader>>> = {
  terraform: async () => (await import('./terraform.ts')).readTerraform,
  ansible: async () => (await import('./ansible.ts')).readAnsible,
  psmdb: async () => (await import('./operators.ts')).readPercona,
  mongodbcommunity: async () => (await import('./operators.ts')).readCommunity,
  'atlas-kubernetes': async () => (await import('./atlas.ts')).readAtlasResources,
  mongosh: async () => (await import('./mongosh.ts')).readMongosh,
};

export interface Imported {
  /** Of a policy, by name, without a folder; none if nothing was understood. */
  readonly files: ReadonlyMap<string, string>;
  readonly roles: readonly Role[];
  readonly users: readonly User[];
  readonly notes: readonly ImportNote[];
  /** What was understood, and is in no policy all the same. */
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
  readonly commands: readonly Command[];
}

/** `db`: where a script for mongosh begins. */
export async function importPolicy(
  source: Source,
  files: readonly ImportFile[],
  options: { readonly name: string; readonly variables: Variables; readonly db?: string },
): Promise<Imported> {
  const read = await READERS[source]();
  const { commands, notes: unread } = read(files, options);
  const { roles, users, notes } = settle(commands);
  const all = [...unread, ...notes];
  const state = {
    server: { version: '8.0.0', edition: 'community', topology: 'replicaSet' } as const,
    roles,
    users,
    unreadable: [],
  };
  const adopted = adopt(state, { name: options.name, only: [], ignore: [], from: SAID[source] });
  return {
    files: adopted.roles + adopted.users === 0 ? new Map() : adopted.files,
    roles,
    users,
    notes: all.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)),
    leftOut: adopted.leftOut,
    commands,
  };
}

/** In the head of what is written. */
const SAID: Readonly<Record<Source, string>> = {
  terraform: 'as Terraform has them',
  ansible: 'as Ansible has them',
  psmdb: "as Percona's operator has them",
  mongodbcommunity: "as MongoDB's operator has them",
  'atlas-kubernetes': 'as the Atlas operator has them',
  mongosh: 'as scripts for mongosh make them',
};

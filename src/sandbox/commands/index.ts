/** Every command that the sandbox implements. */
import type { Command } from '../command-definition.ts';
import { AGGREGATE_COMMANDS } from './aggregate.ts';
import { AUTHENTICATION_COMMANDS } from './authentication.ts';
import { COLLECTION_COMMANDS } from './collections.ts';
import { DATABASE_COMMANDS } from './databases.ts';
import { DIAGNOSTIC_COMMANDS } from './diagnostics.ts';
import { FIND_COMMANDS } from './find.ts';
import { HANDSHAKE_COMMANDS } from './handshake.ts';
import { INDEX_COMMANDS } from './indexes.ts';
import { ROLE_COMMANDS } from './roles.ts';
import { ROLES_INFO_COMMANDS } from './roles-info.ts';
import { UNSUPPORTED_COMMANDS } from './unsupported.ts';
import { USER_COMMANDS } from './users.ts';
import { USERS_INFO_COMMANDS } from './users-info.ts';
import { WRITE_COMMANDS } from './write.ts';

const IMPLEMENTED: readonly Command[] = [
  ...HANDSHAKE_COMMANDS,
  ...AUTHENTICATION_COMMANDS,
  ...DIAGNOSTIC_COMMANDS,
  ...USER_COMMANDS,
  ...USERS_INFO_COMMANDS,
  ...ROLE_COMMANDS,
  ...ROLES_INFO_COMMANDS,
  ...DATABASE_COMMANDS,
  ...COLLECTION_COMMANDS,
  ...INDEX_COMMANDS,
  ...FIND_COMMANDS,
  ...WRITE_COMMANDS,
  ...AGGREGATE_COMMANDS,
];

/** The implemented ones, and those of a real server that are refused as not implemented. */
export const COMMANDS: readonly Command[] = [...IMPLEMENTED, ...UNSUPPORTED_COMMANDS];

/** The names of the implemented commands, sorted. */
export const COMMAND_NAMES: readonly string[] = IMPLEMENTED.map((command) => command.name).sort();

/** Authentication restrictions: from which addresses, and to which of the server's, somebody may log in. */
import { BlockList, isIP } from 'node:net';
import type { AuthenticationRestriction } from '../model/role.ts';
import { commandError } from './errors.ts';
import { type Document, field, isDocument } from './values.ts';

/** Where a connection comes from and arrives. */
export interface Endpoints {
  readonly client: string;
  readonly server: string;
}

/** Reads the `authenticationRestrictions` of a command, or throws what the server says. */
export function parseRestrictions(value: readonly unknown[]): readonly AuthenticationRestriction[] {
  return value.map((entry) => {
    if (!isDocument(entry)) {
      throw commandError(
        'UnsupportedFormat',
        "'authenticationRestrictions' array sub-documents must be address restriction objects",
      );
    }
    const clientSource = addresses(entry, 'clientSource');
    const serverAddress = addresses(entry, 'serverAddress');
    for (const name of Object.keys(entry)) {
      if (name === 'clientSource' || name === 'serverAddress') continue;
      throw commandError('BadValue', `BSON field 'address restriction.${name}' is an unknown field.`);
    }
    if (clientSource === undefined && serverAddress === undefined) {
      throw commandError('CollectionIsEmpty', "At least one of 'clientSource' and/or 'serverAddress' must be set");
    }
    return {
      ...(clientSource === undefined ? {} : { clientSource }),
      ...(serverAddress === undefined ? {} : { serverAddress }),
    };
  });
}

function addresses(restriction: Document, name: string): readonly string[] | undefined {
  const value = field(restriction, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    throw commandError('BadValue', `BSON field 'address restriction.${name}' is the wrong type, expected type 'array'`);
  }
  return value.map((entry: unknown) => {
    if (typeof entry === 'string' && rangeOf(entry) !== undefined) return entry;
    throw commandError('BadValue', `Invalid CIDR string: ${String(entry)}`);
  });
}

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function familyOf(address: string): Range['family'] {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** An address or CIDR range; nothing if it is neither. */
function rangeOf(text: string): Range | undefined {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text);
  const address = match?.[1] ?? '';
  if (isIP(address) === 0) return undefined;
  const family = familyOf(address);
  const most = family === 'ipv6' ? 128 : 32;
  const bits = match?.[2] === undefined ? most : Number(match[2]);
  return bits > most ? undefined : { address, bits, family };
}

function within(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const text of ranges) {
    const range = rangeOf(text);
    if (range !== undefined) list.addSubnet(range.address, range.bits, range.family);
  }
  return list.check(address, familyOf(address));
}

/**
 * Whether every list of restrictions is met: of each list one restriction, of a restriction every field
 * (manual, "Authentication Restrictions").
 */
export function restrictionsMet(
  lists: Iterable<readonly AuthenticationRestriction[] | undefined>,
  { client, server }: Endpoints,
): boolean {
  for (const list of lists) {
    if (list === undefined || list.length === 0) continue;
    const met = list.some(
      ({ clientSource, serverAddress }) =>
        (clientSource === undefined || within(client, clientSource)) &&
        (serverAddress === undefined || within(server, serverAddress)),
    );
    if (!met) return false;
  }
  return true;
}

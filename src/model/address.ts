/** IP addresses and CIDR ranges, as authentication restrictions hold them. Without `node:net`, which brings the sockets. */

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Whether the server takes the text as an address or a range: `10.20.0.0/16`, `192.0.2.7`, `2001:db8::/32`. */
export function isAddressRange(text: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (IPV4.test(address)) return Number(bits) <= 32;
  return isIPv6(address) && Number(bits) <= 128;
}

/** Whether every address of the first range is in the second. Both are such as {@link isAddressRange} takes. */
export function isRangeWithin(inner: string, outer: string): boolean {
  const [a, b] = [rangeOf(inner), rangeOf(outer)];
  if (a.size !== b.size || a.bits < b.bits) return false;
  const rest = BigInt(b.size - b.bits);
  return a.value >> rest === b.value >> rest;
}

interface Range {
  /** The address as a number, and how many of its first bits count. */
  readonly value: bigint;
  readonly bits: number;
  readonly size: 32 | 128;
}

function rangeOf(text: string): Range {
  const [address = '', bits] = text.split('/');
  const size = IPV4.test(address) ? 32 : 128;
  const parts: readonly number[] = size === 32 ? address.split('.').map(Number) : partsOfIPv6(address);
  const width = BigInt(size / parts.length);
  const value = parts.map(BigInt).reduce((sum, part) => (sum << width) | part, 0n);
  return { value, bits: bits === undefined ? size : Number(bits), size };
}

/** As the URL standard writes it: groups of up to four hexadecimal digits, the longest run of zeros left out. */
function partsOfIPv6(address: string): readonly number[] {
  const [before = '', after] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const numbers = (groups: string): number[] =>
    groups === '' ? [] : groups.split(':').map((each) => Number(`0x${each}`));
  const [head, tail] = [numbers(before), numbers(after ?? '')];
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

/** The URL standard has the one parser of IPv6 addresses that every platform brings. */
function isIPv6(address: string): boolean {
  return /^[\da-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`);
}

/** IP addresses and CIDR ranges, as authentication restrictions hold them. Without `node:net`, which brings the sockets. */

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/**
 * Whether the server takes the text as an address or a range: `10.20.0.0/16`, `192.0.2.7`, `2001:db8::/32`. In a role it
 * takes any text, and whoever holds the role can't log in: “Invalid IP address in CIDR string” (tried on 5.1 and 8.3).
 */
export function isAddressRange(text: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (IPV4.test(address)) return Number(bits) <= 32;
  return isIPv6(address) && Number(bits) <= 128;
}

/** Whether every address of the first range is in the second. What is no range holds nothing but itself. */
export function isRangeWithin(inner: string, outer: string): boolean {
  if (!isAddressRange(inner) || !isAddressRange(outer)) return inner === outer;
  const [a, b] = [rangeOf(inner), rangeOf(outer)];
  if (a.size !== b.size || a.bits < b.bits) return false;
  const rest = BigInt(b.size - b.bits);
  return a.value >> rest === b.value >> rest;
}

/** Whether the ranges hold every IPv4 or every IPv6 address together, as `0.0.0.0/1` and `128.0.0.0/1` do. */
export function holdEveryAddress(ranges: readonly string[]): boolean {
  const all = ranges.filter(isAddressRange).map(rangeOf);
  return ([32, 128] as const).some((size) => {
    const spans = all
      .filter((range) => range.size === size)
      .map(spanOf)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    let next = 0n;
    for (const [first, end] of spans) {
      if (first > next) return false;
      if (end > next) next = end;
    }
    return next === 1n << BigInt(size);
  });
}

/** The first address as a number, and the one behind the last. What is behind the bits that count is passed over. */
function spanOf({ value, bits, size }: Range): readonly [first: bigint, end: bigint] {
  const rest = BigInt(size - bits);
  const first = (value >> rest) << rest;
  return [first, first + (1n << rest)];
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

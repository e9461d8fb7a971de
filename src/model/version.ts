/** Server versions: `major.minor.patch`, with or without what follows. */

function numbers(version: string): readonly [number, number, number] {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)];
}

/** Negative if `a` is older than `b`, positive if newer, 0 if the same; a missing part counts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** `8.0` of `8.0.4`. */
export function releaseLine(version: string): string {
  const [major, minor] = numbers(version);
  return `${major}.${minor}`;
}

/** As many parts of a version as the bound has: `=5.0` and `<=5.0` admit every 5.0.x. */
function truncate(version: string, bound: string): string {
  return numbers(version).slice(0, bound.split('.').length).join('.');
}

/** Whether a version meets `>=5.0`, `>5.0`, `<=…`, `<…`, `=…`, or several of these separated by blanks. */
export function satisfies(version: string, range: string): boolean {
  return range
    .trim()
    .split(/\s+/)
    .every((part) => {
      const match = /^(>=|<=|>|<|=)?(\d+(?:\.\d+){0,2})$/.exec(part);
      if (match === null) return false;
      const bound = match[2] ?? '';
      const order = compareVersions(truncate(version, bound), bound);
      switch (match[1]) {
        case '>=':
          return order >= 0;
        case '<=':
          return order <= 0;
        case '>':
          return order > 0;
        case '<':
          return order < 0;
        default:
          return order === 0;
      }
    });
}

/** The oldest version that a range admits, `5.0` of `>=5.0 <9`, `5.1` of `>5.0`; nothing if it has no lower end. */
export function lowestVersion(range: string): string | undefined {
  return range
    .trim()
    .split(/\s+/)
    .flatMap((part) => {
      const [, sign, bound] = /^(>=|>|=)?(\d+(?:\.\d+){0,2})$/.exec(part) ?? [];
      if (bound === undefined) return [];
      return sign === '>' ? bound.replace(/\d+$/, (last) => String(Number(last) + 1)) : bound;
    })
    .sort(compareVersions)
    .at(-1);
}

/** Whether no version meets a range, because its ends contradict each other: `>=8.0 <5.0`. */
export function isEmptyRange(range: string): boolean {
  const lowest = lowestVersion(range);
  return lowest !== undefined && !satisfies(lowest, range);
}

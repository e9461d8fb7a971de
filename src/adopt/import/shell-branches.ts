/** Which lines of a shell script stand in a branch, a loop or a function, of which nobody can tell whether it is run. */

interface Open {
  readonly word: 'if' | 'case' | 'loop' | 'function';
  readonly line: number;
  /** A question whether a user or role is there: either way it is there afterwards. */
  readonly asksForAccounts: boolean;
}

/** A word of the shell's own, where a command may begin. */
const WORD =
  /(?<=(?:^|[;&|({!])\s*|\b(?:then|do|else)\s+)(?:if|fi|case|esac|for|while|until|select|done)(?=[\s;)|&<>]|$)/g;
const FUNCTION = /^\s*(?:function\s+[\w:-]+\s*(?:\(\s*\))?|[\w:-]+\s*\(\s*\))\s*(?:\{|$)/;
const ASKS = /\b(?:getUsers?|getRoles?|usersInfo|rolesInfo)\b|system\.users/;
const HEREDOC = /<<-?\s*\\?(["']?)(\w+)\1/;
/** `[ … ] && command` */
const TEST = /(?:^|[;&|]\s*)(?:\[{1,2}\s|test\s)[^;]{0,300}?(?:&&|\|\|)/;

/** By line, from 1: why nobody can tell whether it is run; nothing for what is. */
export function passedOver(text: string): readonly (string | undefined)[] {
  const open: Open[] = [];
  const found: (string | undefined)[] = [undefined];
  let heredoc: { readonly end: string; readonly why: string | undefined } | undefined;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (heredoc !== undefined) {
      found.push(heredoc.why);
      if (written.trim() === heredoc.end) heredoc = undefined;
      continue;
    }
    const bare = withoutTexts(written);
    if (FUNCTION.test(bare)) open.push({ word: 'function', line, asksForAccounts: false });
    const reasons = [whyOf(open)];
    for (const [word] of bare.matchAll(WORD)) {
      follow(open, word, line, written);
      reasons.push(whyOf(open));
    }
    if (TEST.test(bare)) reasons.push(`whether it is made hangs on the test in line ${line}`);
    const why = reasons.find((reason) => reason !== undefined);
    if (/\}\s*(?:[;|&<>].*)?$/.test(bare) && open.at(-1)?.word === 'function') open.pop();
    found.push(why);
    const end = HEREDOC.exec(written)?.[2];
    if (end !== undefined && !written.trimStart().startsWith('#')) heredoc = { end, why };
  }
  return found;
}

function follow(open: Open[], word: string, line: number, written: string): void {
  if (word === 'fi' || word === 'esac' || word === 'done') {
    const closes = word === 'fi' ? 'if' : word === 'esac' ? 'case' : 'loop';
    const at = open.findLastIndex((each) => each.word === closes);
    if (at >= 0) open.splice(at);
    return;
  }
  const kind = word === 'if' || word === 'case' ? word : 'loop';
  open.push({ word: kind, line, asksForAccounts: kind === 'if' && ASKS.test(written) });
}

function whyOf(open: readonly Open[]): string | undefined {
  const inner = open.findLast(({ asksForAccounts }) => !asksForAccounts);
  if (inner === undefined) return undefined;
  const { word, line } = inner;
  if (word === 'function') return `it is made by the function of the shell in line ${line}`;
  return word === 'loop'
    ? `it stands in the loop of the shell in line ${line}`
    : `whether it is made hangs on the ${word} in line ${line}`;
}

/** What stands in quotes on one line, and behind a `#`, is no word of the shell. */
function withoutTexts(line: string): string {
  return line
    .replaceAll(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"/g, (text) => '_'.repeat(text.length))
    .replace(/(^|\s)#.*$/, '$1');
}

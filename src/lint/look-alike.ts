/** How names look to the eye: the skeleton of UTS #39, and scripts that are mixed where one word is read. */
import { CONFUSABLES } from '../generated/confusables.ts';
import { codeText } from '../input/characters.ts';
import { once } from '../model/once.ts';

const LOOKS = once(
  () => new Map(CONFUSABLES.flatMap(([looks, characters]) => [...characters].map((each) => [each, looks] as const))),
);

const unseenCharacters = once(() => /[\p{Cc}\p{Cf}\p{Co}\p{DI}]/gu);

/** One text for all names that look alike in common typefaces: `audit.lоgs` and `audit.logs`, `appl` and `app1`. */
export function skeleton(name: string): string {
  const looks = LOOKS();
  let shown = '';
  // Most names hold nothing that has another form or is not seen.
  for (const character of isAscii(name) ? name : name.normalize('NFKD').replaceAll(unseenCharacters(), '')) {
    shown += looks.get(character) ?? character;
  }
  return shown.replaceAll(/\s+/g, ' ').trim();
}

const marks = once(() => /\p{M}/gu);

/** What Unicode takes for letters of their own, and digits that are written for letters. */
const FOR_LETTERS: Readonly<Record<string, string>> = {
  ...{ ł: 'l', ø: 'o', đ: 'd', ħ: 'h', ŧ: 't', ƀ: 'b', ɨ: 'i', ı: 'i' },
  ...{ ɓ: 'b', ƈ: 'c', ɗ: 'd', ɖ: 'd', ƒ: 'f', ɠ: 'g', ɦ: 'h', ƙ: 'k', ɫ: 'l', ɭ: 'l', ɱ: 'm', ɲ: 'n', ɳ: 'n', ƞ: 'n' },
  ...{ ƥ: 'p', ʠ: 'q', ɽ: 'r', ʂ: 's', ʈ: 't', ƭ: 't', ʋ: 'v', ƴ: 'y', ʐ: 'z', ȥ: 'z', ƶ: 'z' },
  ...{ 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' },
};

/**
 * One text for names that a hasty reader takes for each other: besides what looks alike, those that differ by case, by
 * marks on letters (`lọgs`), by digits for letters (`l0gs`, `log5`) and by dots at the end.
 */
export function roughSkeleton(name: string): string {
  const looks = skeleton(name.toLowerCase()).toLowerCase().normalize('NFKD').replaceAll(marks(), '');
  return [...looks.replace(/\.+$/, '')].map((character) => FOR_LETTERS[character] ?? character).join('');
}

const ASCII = /^[\x20-\x7e]*$/;

export function isAscii(name: string): boolean {
  return ASCII.test(name);
}

/** Scripts whose letters are like those of others, and those that are written together in one word by right. */
const scripts = once<readonly (readonly [script: string, pattern: RegExp])[]>(() => [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['East Asian', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u],
]);

/** Letters that several scripts share: the mark that makes a vowel long in Katakana, the apostrophe of Ukrainian. */
const sharedLetter = once(() => /[\p{Script=Common}\p{Script=Inherited}]/u);

/** Nothing for what belongs to no script of its own. */
function scriptOf(character: string): string | undefined {
  if (!/\p{L}/u.test(character) || sharedLetter().test(character)) return undefined;
  return scripts().find(([, pattern]) => pattern.test(character))?.[0] ?? 'another';
}

export interface Disguise {
  /** A clause after the name: `it ends with a space, which nobody sees`. */
  readonly why: string;
  /** What to do, in a sentence without a full stop. */
  readonly advice: string;
  /** No word of any language is written so. */
  readonly certain: boolean;
}

const ONE_SCRIPT = 'Write it in the letters of one script';
const WITHOUT = 'Write it without';

/** Why a name is not what it looks like; nothing for names that are. */
export function disguise(name: string): Disguise | undefined {
  const edge = /^\s/.test(name) ? 'begins' : /\s$/.test(name) ? 'ends' : undefined;
  if (edge !== undefined) return { why: `it ${edge} with a space, which nobody sees`, advice: WITHOUT, certain: true };
  if (isAscii(name)) return undefined;
  const [unseen] = name.match(unseenCharacters()) ?? [];
  if (unseen !== undefined)
    return { why: `it holds ${codeOf(unseen)}, which nobody sees`, advice: WITHOUT, certain: true };
  const other = [...name].find((each) => !ASCII.test(each) && /^[\x20-\x7e]+$/.test(each.normalize('NFKC')));
  if (other !== undefined) {
    const why = `${codeOf(other)} (${other}) is only another form of "${other.normalize('NFKC')}"`;
    return { why, advice: ONE_SCRIPT, certain: true };
  }
  const words = name.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return (
    words.map(mixed).find((found) => found !== undefined) ??
    words.map((word) => borrowed(word, words)).find((found) => found !== undefined)
  );
}

/** Latin letters stand beside East Asian ones in names of every day. */
function mixed(word: string): Disguise | undefined {
  const letters = [...word].map((character) => ({ character, script: scriptOf(character) }));
  const scripts = new Set(letters.flatMap(({ script }) => script ?? []));
  if (scripts.size < 2 || (scripts.size === 2 && scripts.has('Latin') && scripts.has('East Asian'))) return undefined;
  const main = letters.find(({ script }) => script !== undefined)?.script;
  const strange = letters.find(({ script }) => script !== undefined && script !== main);
  if (strange === undefined) return undefined;
  const [one, another] = [
    main === 'another' ? 'one script' : main,
    strange.script === 'another' ? 'another' : strange.script,
  ];
  return {
    why: `the word "${word}" mixes letters of ${one} and ${another}: ${codeOf(strange.character)} (${strange.character})`,
    advice: ONE_SCRIPT,
    certain: true,
  };
}

/** A whole word in letters that all look like Latin ones, beside words that are Latin. */
function borrowed(word: string, words: readonly string[]): Disguise | undefined {
  const [first] = [...word];
  if (first === undefined || isAscii(word) || !/^[A-Za-z]+$/.test(skeleton(word))) return undefined;
  if (scriptOf(first) === 'Latin' || !words.some((other) => /[A-Za-z]/.test(other))) return undefined;
  const why = `every letter of "${word}" looks like a Latin one: ${codeOf(first)} (${first})`;
  return { why, advice: ONE_SCRIPT, certain: false };
}

function codeOf(character: string): string {
  return codeText(character.codePointAt(0) ?? 0);
}

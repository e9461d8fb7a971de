/** The comments of a YAML text, in its order. */
import { CST, Lexer } from 'yaml';

export interface Comment {
  readonly offset: number;
  /** With its `#`. */
  readonly text: string;
}

/** What the lexer puts between the parts of the text, and is not in the text. */
const MARKS = new Set(['\u0002', '\u0018', '\u001f']);

export function* commentsOf(text: string): Generator<Comment> {
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) continue;
    if (CST.tokenType(lexeme) === 'comment') yield { offset, text: lexeme };
    offset += lexeme.length;
  }
}

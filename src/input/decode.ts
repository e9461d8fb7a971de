/** Bytes as text: UTF-8 and nothing else. */
import { isAscii, isUtf8 } from 'node:buffer';

/** The text, or the first byte that is no UTF-8: `before` is what could be read up to there. */
export type Decoded =
  | { readonly text: string; readonly broken?: undefined }
  | { readonly text?: undefined; readonly broken: { readonly before: string; readonly message: string } };

export function decodeUtf8(bytes: Buffer): Decoded {
  // Snapshots are large and mostly ASCII, which is decoded several times faster as what it is.
  if (isAscii(bytes)) return { text: bytes.toString('latin1') };
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  const other = OTHERS.find(({ begins }) => bytes.subarray(0, begins.length).equals(begins));
  const what = other === undefined ? '' : ` (it begins like ${other.name})`;
  return { broken: { before: readablePart(bytes), message: `this is not UTF-8${what}: save the file as UTF-8` } };
}

const OTHERS = [
  { name: 'UTF-16', begins: Buffer.from([0xff, 0xfe]) },
  { name: 'UTF-16', begins: Buffer.from([0xfe, 0xff]) },
] as const;

const UNREADABLE = '\ufffd';

/** U+FFFD stands for what can't be read; where the bytes are its own, it was written. */
function readablePart(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf(UNREADABLE); at >= 0; at = text.indexOf(UNREADABLE, at + 1)) {
    offset += Buffer.byteLength(text.slice(from, at));
    from = at;
    if (!bytes.subarray(offset, offset + 3).equals(Buffer.from(UNREADABLE))) return text.slice(0, at);
  }
  return text;
}

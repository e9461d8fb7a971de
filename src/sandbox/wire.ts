/**
 * MongoDB's wire protocol: OP_MSG, and the OP_QUERY on `$cmd` with which drivers still say hello
 * (manual, "MongoDB Wire Protocol"). No compression is offered, so OP_COMPRESSED is malformed here.
 */
import { serialize } from 'bson';
import { type Document, field, isDocument, readDocument } from './values.ts';

const HEADER_SIZE = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags that a receiver must know; the upper 16 bits may be ignored. */
const REQUIRED_FLAGS = 0xffff;

export const MAX_DOCUMENT_SIZE = 16 * 1024 * 1024;
export const MAX_MESSAGE_SIZE = 48_000_000;

export interface Message {
  readonly requestId: number;
  readonly db: string;
  /** The command without its document sequences: what the server prints in its errors. */
  readonly body: Document;
  readonly sequences: ReadonlyMap<string, readonly Document[]>;
  /** How to answer. `none`: the client does not wait for a reply (write concern w:0). */
  readonly reply: 'msg' | 'query' | 'none';
}

/** Bytes that are no message. The connection can't be trusted further. */
class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** How many bytes the message that starts here has, header included; nothing if that can't be told yet. */
export function messageSize(bytes: Buffer): number | undefined {
  if (bytes.length < 4) return undefined;
  const size = bytes.readInt32LE(0);
  if (size < HEADER_SIZE || size > MAX_MESSAGE_SIZE) throw new MalformedMessage(`a message of ${size} bytes`);
  return size;
}

/** Reads exactly one message. */
export function readMessage(bytes: Buffer): Message {
  const opCode = bytes.readInt32LE(12);
  switch (opCode) {
    case OP_MSG:
      return readMsg(bytes);
    case OP_QUERY:
      return readQuery(bytes);
    default:
      throw new MalformedMessage(`operation code ${opCode}`);
  }
}

function documentAt(
  bytes: Buffer,
  offset: number,
  end: number,
): { readonly document: Document; readonly next: number } {
  if (offset + 5 > end) throw new MalformedMessage('a document ends early');
  const size = bytes.readInt32LE(offset);
  if (size < 5 || offset + size > end) throw new MalformedMessage(`a document of ${size} bytes`);
  return { document: readDocument(bytes.subarray(offset, offset + size)), next: offset + size };
}

function readMsg(bytes: Buffer): Message {
  if (bytes.length < HEADER_SIZE + 4) throw new MalformedMessage('no flags');
  const flags = bytes.readUInt32LE(HEADER_SIZE);
  if ((flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) throw new MalformedMessage('unknown flags');
  const end = bytes.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : 4);
  let body: Document | undefined;
  const sequences = new Map<string, readonly Document[]>();
  for (let offset = HEADER_SIZE + 4; offset < end; ) {
    const kind = bytes.readUInt8(offset);
    if (kind === 0 && body === undefined) {
      const section = documentAt(bytes, offset + 1, end);
      body = section.document;
      offset = section.next;
    } else if (kind === 1) {
      const section = readSequence(bytes, offset + 1, end);
      if (sequences.has(section.name)) throw new MalformedMessage('a document sequence twice');
      sequences.set(section.name, section.documents);
      offset = section.next;
    } else {
      throw new MalformedMessage(`section kind ${kind}`);
    }
  }
  if (body === undefined) throw new MalformedMessage('no body');
  for (const name of sequences.keys()) if (Object.hasOwn(body, name)) throw new MalformedMessage(`${name} twice`);
  const db = field(body, '$db');
  if (typeof db !== 'string') throw new MalformedMessage('no $db');
  const reply = (flags & MORE_TO_COME) === 0 ? 'msg' : 'none';
  return { requestId: bytes.readInt32LE(4), db, body, sequences, reply };
}

function readSequence(bytes: Buffer, offset: number, limit: number) {
  if (offset + 4 > limit) throw new MalformedMessage('a document sequence ends early');
  const end = offset + bytes.readInt32LE(offset);
  const nul = bytes.indexOf(0, offset + 4);
  if (end > limit || nul < 0 || nul >= end) throw new MalformedMessage('a document sequence ends early');
  const documents: Document[] = [];
  let next = nul + 1;
  while (next < end) {
    const read = documentAt(bytes, next, end);
    documents.push(read.document);
    next = read.next;
  }
  return { name: bytes.toString('utf8', offset + 4, nul), documents, next: end };
}

function readQuery(bytes: Buffer): Message {
  const start = HEADER_SIZE + 4;
  const nul = bytes.indexOf(0, start);
  if (nul < 0) throw new MalformedMessage('no namespace');
  const namespace = bytes.toString('utf8', start, nul);
  if (!namespace.endsWith('.$cmd')) throw new MalformedMessage(`OP_QUERY on ${namespace}`);
  const { document } = documentAt(bytes, nul + 1 + 8, bytes.length);
  // Drivers wrap the command when they add a read preference.
  const wrapped = field(document, '$query');
  const body = isDocument(wrapped) ? wrapped : document;
  const db = namespace.slice(0, -'.$cmd'.length);
  return { requestId: bytes.readInt32LE(4), db, body, sequences: new Map(), reply: 'query' };
}

/** The bytes of the reply to a message. */
export function writeReply(message: Message, requestId: number, reply: Document): Buffer {
  const document = serialize(reply);
  const query = message.reply === 'query';
  // OP_REPLY: flags, cursor id, starting from, number returned. OP_MSG: flags, section kind 0.
  const prefix = Buffer.alloc(query ? 20 : 5);
  if (query) {
    prefix.writeInt32LE(8, 0);
    prefix.writeInt32LE(1, 16);
  }
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeInt32LE(HEADER_SIZE + prefix.length + document.length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(message.requestId, 8);
  header.writeInt32LE(query ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, prefix, document]);
}
